/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The metadata files of a data directory on the operating system's disk. */
final class DirectoryFiles implements MetadataFiles {
  private final Path directory;
  private final boolean readOnly;

  DirectoryFiles(Path directory) {
    this(directory, false);
  }

  /**
   * @param readOnly see {@link #isReadOnly}
   */
  DirectoryFiles(Path directory, boolean readOnly) {
    this.directory = directory;
    this.readOnly = readOnly;
  }

  @Override
  public boolean isReadOnly() {
    return readOnly;
  }

  @Override
  public MetadataFile open(String name) {
    return new ChannelFile(directory.resolve(name), readOnly);
  }

  @Override
  public boolean exists(String name) {
    return Files.exists(directory.resolve(name));
  }

  @Override
  public Set<String> names() {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    } catch (IOException e) {
      throw DiskErrors.failed("listing", directory, e);
    } catch (UncheckedIOException e) { // from within the stream
      throw DiskErrors.failed("listing", directory, e.getCause());
    }
  }

  @Override
  public void rename(String from, String to) {
    requireWritable();
    try {
      Files.move(directory.resolve(from), directory.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw DiskErrors.failedToStore("renaming", directory.resolve(from), e);
    }
  }

  @Override
  public void delete(String name) {
    requireWritable();
    try {
      Files.deleteIfExists(directory.resolve(name));
    } catch (IOException e) {
      throw DiskErrors.failed("removing", directory.resolve(name), e);
    }
  }

  private void requireWritable() {
    if (readOnly) {
      throw new IllegalStateException(directory + " is only looked at");
    }
  }

  @Override
  public void forceNames() {
    forceNames(directory);
  }

  /** Makes the names of a directory's files durable. */
  static void forceNames(Path directory) {
    try (DataChannel channel = DataChannel.open(directory, StandardOpenOption.READ)) {
      channel.force();
    } catch (IOException e) {
      throw DiskErrors.failedToStore("forcing", directory, e);
    }
  }

  private static final class ChannelFile implements MetadataFile {
    private final DiskFile file;
    private final boolean readOnly;

    ChannelFile(Path path, boolean readOnly) {
      this.readOnly = readOnly;
      file = readOnly ? new DiskFile(path, StandardOpenOption.READ) : make(path);
    }

    private static DiskFile make(Path path) {
      return new DiskFile(
          path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
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
      file.lock(readOnly);
    }

    @Override
    public void close() {
      file.close();
    }
  }
}
