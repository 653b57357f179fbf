/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.nio.ByteBuffer;
import java.util.Set;

/** Files of a host that are another's; a test changes what it is about. */
class ForwardingFiles implements MetadataFiles {
  private final MetadataFiles files;

  ForwardingFiles(MetadataFiles files) {
    this.files = files;
  }

  @Override
  public MetadataFile open(String name) {
    return files.open(name);
  }

  @Override
  public boolean exists(String name) {
    return files.exists(name);
  }

  @Override
  public Set<String> names() {
    return files.names();
  }

  @Override
  public void rename(String from, String to) {
    files.rename(from, to);
  }

  @Override
  public void delete(String name) {
    files.delete(name);
  }

  @Override
  public void forceNames() {
    files.forceNames();
  }

  /** A file that is another's; a test changes what it is about. */
  static class ForwardingFile implements MetadataFile {
    private final MetadataFile file;

    ForwardingFile(MetadataFile file) {
      this.file = file;
    }

    @Override
    public void write(long offsetBytes, ByteBuffer source) {
      file.write(offsetBytes, source);
    }

    @Override
    public void read(long offsetBytes, ByteBuffer target) {
      file.read(offsetBytes, target);
    }

    @Override
    public void force() {
      file.force();
    }

    @Override
    public long sizeBytes() {
      return file.sizeBytes();
    }

    @Override
    public void lock() {
      file.lock();
    }

    @Override
    public void close() {
      file.close();
    }
  }
}
