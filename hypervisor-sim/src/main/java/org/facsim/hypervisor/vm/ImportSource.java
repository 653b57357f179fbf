/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.datastore.Replies;
import org.facsim.hypervisor.vmdk.VmdkDirectory;
import org.facsim.hypervisor.vmdk.VmdkFile;
import org.facsim.hypervisor.vmdk.VmdkFormatException;

/**
 * Where a foreign disk's files are: in a directory of a datastore, in one of this machine, or in a
 * stream. Close it when the import has ended.
 */
public final class ImportSource implements VmdkDirectory, AutoCloseable {
  private final Opener opener;
  private final Map<String, Optional<VmdkFile>> opened = new HashMap<>();
  private final List<FileChannel> channels = new ArrayList<>();

  private ImportSource(Opener opener) {
    this.opener = opener;
  }

  /** Opens one file. */
  private interface Opener {
    Optional<VmdkFile> open(String name, List<FileChannel> channels);
  }

  /**
   * A directory of a datastore; reading throws {@link DatastoreException} if the datastore fails.
   *
   * @param directory {@code ""} is the root
   */
  public static ImportSource of(Datastore datastore, String directory) {
    return new ImportSource(
        (name, channels) -> {
          try {
            return Optional.of(new OnDatastore(datastore.open(Datastore.join(directory, name))));
          } catch (DatastoreException e) {
            if (e.error() == DatastoreError.NOT_FOUND) {
              return Optional.empty();
            }
            throw e;
          }
        });
  }

  /** A directory of this machine; reading throws {@link UncheckedIOException} if that fails. */
  public static ImportSource of(Path directory) {
    return new ImportSource(
        (name, channels) -> {
          Path path = directory.resolve(name);
          if (!Files.isRegularFile(path)) {
            return Optional.empty();
          }
          try {
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
            channels.add(channel);
            return Optional.of(new OnThisMachine(channel, channel.size()));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /**
   * One file that arrives as a stream, such as an upload of a streamOptimized disk. It is kept in a
   * file of this machine until this source is closed, because a disk's directory may come last.
   *
   * @param name what the import calls it
   * @param scratch a directory with room for it
   * @param maxBytes the most that is taken
   * @throws VmdkFormatException if the stream is longer; nothing of it is kept then
   * @throws UncheckedIOException if it cannot be read or kept
   */
  public static ImportSource of(String name, InputStream stream, Path scratch, long maxBytes) {
    try {
      FileChannel channel =
          FileChannel.open(
              Files.createTempFile(scratch, "import", ".vmdk"),
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
      try {
        VmdkFile file = new OnThisMachine(channel, keep(name, stream, channel, maxBytes));
        ImportSource source = new ImportSource((other, channels) -> Optional.empty());
        source.channels.add(channel);
        source.opened.put(name, Optional.of(file));
        return source;
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long keep(String name, InputStream stream, FileChannel channel, long maxBytes)
      throws IOException {
    byte[] piece = new byte[64 << 10];
    long done = 0;
    for (int count = stream.read(piece); count >= 0; count = stream.read(piece)) {
      done += count;
      if (done > maxBytes) {
        throw new VmdkFormatException(
            "%s: more than %d bytes; allowed: at most that many".formatted(name, maxBytes));
      }
      ByteBuffer buffer = ByteBuffer.wrap(piece, 0, count);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }
    return done;
  }

  @Override
  public Optional<VmdkFile> open(String name) {
    return opened.computeIfAbsent(name, key -> opener.open(key, channels));
  }

  @Override
  public void close() {
    for (FileChannel channel : channels) {
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static VmdkFormatException shortened(long offsetBytes) {
    return new VmdkFormatException("the file ends at %d by now".formatted(offsetBytes));
  }

  /** A file on a datastore. */
  private static final class OnDatastore implements VmdkFile {
    private final DatastoreFile file;
    private final long sizeBytes;

    OnDatastore(DatastoreFile file) {
      this.file = file;
      this.sizeBytes = file.sizeBytes();
    }

    @Override
    public long sizeBytes() {
      return sizeBytes;
    }

    @Override
    public void read(long offsetBytes, byte[] target, int index, int countBytes) {
      for (int done = 0; done < countBytes; ) {
        int wanted = Math.min(countBytes - done, file.maxReadBytes());
        ByteBuf data = Replies.await(file.read(offsetBytes + done, wanted));
        try {
          int count = data.readableBytes();
          if (count == 0) {
            throw shortened(offsetBytes + done);
          }
          data.readBytes(target, index + done, count);
          done += count;
        } finally {
          data.release();
        }
      }
    }
  }

  /** A file of this machine. */
  private record OnThisMachine(FileChannel channel, long sizeBytes) implements VmdkFile {
    @Override
    public void read(long offsetBytes, byte[] target, int index, int countBytes) {
      ByteBuffer buffer = ByteBuffer.wrap(target, index, countBytes);
      try {
        while (buffer.hasRemaining()) {
          long at = offsetBytes + buffer.position() - index;
          if (channel.read(buffer, at) < 0) {
            throw shortened(at);
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
