/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file of the operating system after a power failure, in which lost writes are undone. */
final class SurvivingFile implements UnforcedFile.Survivor, AutoCloseable {
  private final Path path;
  private final DataChannel channel;

  SurvivingFile(Path path) throws IOException {
    this.path = path;
    channel = DataChannel.open(path, StandardOpenOption.WRITE);
  }

  @Override
  public void write(long offsetBytes, ByteBuffer source) {
    try {
      channel.write(offsetBytes, source);
    } catch (IOException e) {
      throw DiskErrors.failedToStore("writing", path, e);
    }
  }

  @Override
  public void truncate(long sizeBytes) {
    try {
      channel.truncate(sizeBytes);
    } catch (IOException e) {
      throw DiskErrors.failedToStore("cutting", path, e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
