/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.durable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Files in a directory of the host. */
final class DirectoryFiles implements HostFiles {
  private final Path directory;

  DirectoryFiles(Path directory) {
    this.directory = directory;
  }

  @Override
  public HostFile open(String name) {
    return new ChannelFile(directory.resolve(name));
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
      throw HostDisk.failed("listing " + directory, e);
    }
  }

  @Override
  public void rename(String from, String to) {
    try {
      Files.move(directory.resolve(from), directory.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw HostDisk.failed("renaming " + directory.resolve(from), e);
    }
  }

  @Override
  public void delete(String name) {
    try {
      Files.deleteIfExists(directory.resolve(name));
    } catch (IOException e) {
      throw HostDisk.failed("removing " + directory.resolve(name), e);
    }
  }

  @Override
  public void forceNames() {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      throw HostDisk.failed("forcing " + directory, e);
    }
  }

  private static final class ChannelFile implements HostFile {
    private final Path path;
    private final FileChannel channel;

    ChannelFile(Path path) {
      this.path = path;
      try {
        channel =
            FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      } catch (IOException e) {
        throw HostDisk.failed("opening " + path, e);
      }
    }

    @Override
    public void write(long offsetBytes, ByteBuffer source) {
      long at = offsetBytes;
      try {
        while (source.hasRemaining()) {
          at += channel.write(source, at);
        }
      } catch (IOException e) {
        throw HostDisk.failed("writing " + path, e);
      }
    }

    @Override
    public void read(long offsetBytes, ByteBuffer target) {
      long at = offsetBytes;
      try {
        int count = 0;
        while (target.hasRemaining() && count >= 0) {
          count = channel.read(target, at);
          at += count;
        }
      } catch (IOException e) {
        throw HostDisk.failed("reading " + path, e);
      }
    }

    @Override
    public void force() {
      try {
        channel.force(false);
      } catch (IOException e) {
        throw HostDisk.failed("forcing " + path, e);
      }
    }

    @Override
    public long sizeBytes() {
      try {
        return channel.size();
      } catch (IOException e) {
        throw HostDisk.failed("measuring " + path, e);
      }
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        throw HostDisk.failed("closing " + path, e);
      }
    }
  }
}
