/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.util.Set;

/** Metadata files on the disk of a host whose power may fail. */
final class PoweredFiles implements MetadataFiles {
  private final HostPower power;
  private final MetadataFiles disk;

  PoweredFiles(HostPower power, MetadataFiles disk) {
    this.power = power;
    this.disk = disk;
  }

  @Override
  public MetadataFile open(String name) {
    return power.open(disk, name);
  }

  @Override
  public boolean isReadOnly() {
    return disk.isReadOnly();
  }

  @Override
  public boolean exists(String name) {
    return power.exists(disk, name);
  }

  @Override
  public Set<String> names() {
    return power.names(disk);
  }

  @Override
  public void rename(String from, String to) {
    power.rename(disk, from, to);
  }

  @Override
  public void delete(String name) {
    power.remove(disk, name);
  }

  @Override
  public void forceNames() {
    power.forceNames();
  }
}
