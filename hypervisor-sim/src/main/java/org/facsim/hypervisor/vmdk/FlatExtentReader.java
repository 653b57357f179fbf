/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vmdk;

/** A stretch of a file that is the extent, byte for byte. */
final class FlatExtentReader implements ExtentReader {
  private final VmdkFile file;
  private final long offsetSectors;

  FlatExtentReader(VmdkFile file, ExtentLine line) {
    this.file = file;
    this.offsetSectors = line.offsetSectors();
    long needed = (line.offsetSectors() + line.sectors()) * SECTOR_BYTES;
    if (file.sizeBytes() < needed) {
      throw new VmdkFormatException(
          "%d bytes, its extent line says %d".formatted(file.sizeBytes(), needed));
    }
  }

  @Override
  public Run run(long sector, long maxSectors) {
    return new Run(Kind.DATA, maxSectors);
  }

  @Override
  public void read(long sector, int sectors, byte[] target, int index) {
    file.read((offsetSectors + sector) * SECTOR_BYTES, target, index, sectors * SECTOR_BYTES);
  }
}
