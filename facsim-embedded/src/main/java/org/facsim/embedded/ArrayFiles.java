/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import static org.facsim.embedded.FilePaths.at;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.FileSpace;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.array.Volume.CreateMode;
import org.facsim.array.Volume.DirectoryEntry;
import org.facsim.embedded.FilePaths.Place;

/**
 * The files of an array by their paths, as its administrator: for data that is there before a test
 * begins, and for looking at what is there when it ends. Nothing here goes over the wire or into
 * the journal.
 *
 * <p>A path is {@code /volume/directory/file}, as clients see it in the exports of the array. Names
 * {@code .} and {@code ..} are not allowed. Directories that are missing on the way to a new file
 * are made. Errors are {@link ArrayException}s that name the path: NOT_FOUND, EXISTS, IS_DIRECTORY,
 * NOT_DIRECTORY, NO_SPACE, INVALID_ARGUMENT and what the array says. Thread-safe.
 */
public final class ArrayFiles {
  private static final int CHUNK_BYTES = Volume.MAX_TRANSFER_BYTES;

  private final FilePaths paths;

  ArrayFiles(Supplier<StorageArray> storage) {
    this.paths = new FilePaths(storage);
  }

  // ---------------------------------------------------------------- making

  /** Makes a directory, and those above it, unless they are there. */
  public void makeDirectories(String path) {
    Place place = Place.of(path);
    Volume volume = paths.volume(place);
    FilePaths.directory(volume, place, place.names());
  }

  /** Makes a file with these bytes, or gives them to a file that is there. */
  public void write(String path, byte[] contents) {
    Opened file = makeEmpty(path);
    for (int offset = 0; offset < contents.length; offset += CHUNK_BYTES) {
      int count = Math.min(CHUNK_BYTES, contents.length - offset);
      file.write(path, offset, ByteBuffer.wrap(contents, offset, count));
    }
  }

  /**
   * Makes a file of this size in which every 8-byte word is random, or gives such contents to a
   * file that is there. It takes as much memory as its size; see {@link #writeWords} for large
   * ones.
   *
   * @param seed the same seed gives the same bytes
   */
  public void writeRandom(String path, long sizeBytes, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    fill(path, sizeBytes, block -> fillRandom(block, random));
  }

  private static void fillRandom(ByteBuffer block, SplittableRandom random) {
    while (block.remaining() >= Long.BYTES) {
      block.putLong(random.nextLong());
    }
    while (block.hasRemaining()) {
      block.put((byte) random.nextInt());
    }
  }

  /**
   * Makes a file of this size in which each block repeats a word of its own, or gives such contents
   * to a file that is there. The array charges it as any data, but it takes 32 bytes of memory for
   * each 4 KiB: a disk of 16 GiB fits into 128 MiB.
   *
   * @param seed the same seed gives the same bytes
   */
  public void writeWords(String path, long sizeBytes, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    fill(path, sizeBytes, block -> fillWords(block, random));
  }

  private static void fillWords(ByteBuffer chunk, SplittableRandom random) {
    while (chunk.hasRemaining()) {
      long word = random.nextLong() | 1; // never a block of zeros, which would be a hole
      int end = Math.min(chunk.limit(), chunk.position() + Volume.BLOCK_BYTES);
      while (end - chunk.position() >= Long.BYTES) {
        chunk.putLong(word);
      }
      while (chunk.position() < end) {
        chunk.put((byte) word);
      }
    }
  }

  private interface Filler {
    void fill(ByteBuffer chunk);
  }

  private void fill(String path, long sizeBytes, Filler filler) {
    if (sizeBytes < 0 || sizeBytes > Volume.MAX_FILE_BYTES) {
      throw new ArrayException(
          ArrayError.INVALID_ARGUMENT,
          "%s: a size of %d bytes; allowed: 0 to %d"
              .formatted(path, sizeBytes, Volume.MAX_FILE_BYTES));
    }
    Opened file = makeEmpty(path);
    ByteBuffer chunk = ByteBuffer.allocateDirect((int) Math.min(sizeBytes, CHUNK_BYTES));
    for (long offset = 0; offset < sizeBytes; offset += CHUNK_BYTES) {
      chunk.clear().limit((int) Math.min(CHUNK_BYTES, sizeBytes - offset));
      filler.fill(chunk);
      file.write(path, offset, chunk.flip());
    }
  }

  /** Sets a file's size, and makes the file if it is not there: a hole behind its bytes. */
  public void resize(String path, long sizeBytes) {
    Place place = Place.of(path);
    Volume volume = paths.volume(place);
    Inode file = exists(path) ? FilePaths.file(volume, place) : makeEmpty(path).inode();
    at(
        path,
        () ->
            volume
                .attributes()
                .setAttributes(Caller.ROOT, file, AttributeChanges.ofSize(sizeBytes), null));
  }

  /**
   * Copies a directory of this machine with everything below it, in the order of the names. Holes
   * stay holes as far as whole blocks of zeros are concerned. Only directories and regular files
   * are copied.
   *
   * @param path where its contents go; made if it is not there
   * @throws IOException if something cannot be read, or is neither a directory nor a regular file
   */
  public void copyIn(Path directory, String path) throws IOException {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path at, BasicFileAttributes attributes) {
            found.add(at);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path at, BasicFileAttributes attributes)
              throws IOException {
            if (!attributes.isRegularFile()) {
              throw new IOException(at + " is neither a directory nor a regular file");
            }
            found.add(at);
            return FileVisitResult.CONTINUE;
          }
        });
    found.sort(null);
    for (Path at : found) {
      String relative = directory.relativize(at).toString().replace('\\', '/');
      String target = relative.isEmpty() ? path : path + "/" + relative;
      if (Files.isDirectory(at)) {
        makeDirectories(target);
      } else {
        copyFile(at, target);
      }
    }
  }

  private void copyFile(Path from, String path) throws IOException {
    Opened file = makeEmpty(path);
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
    try (FileChannel channel = FileChannel.open(from)) {
      long offset = 0;
      while (channel.read(chunk.clear(), offset) > 0) {
        chunk.flip();
        int count = chunk.remaining();
        writeData(file, path, offset, chunk);
        offset += count;
      }
      resize(path, offset);
    }
  }

  /** Leaves out whole blocks of zeros, so that they stay holes. */
  private static void writeData(Opened file, String path, long offset, ByteBuffer chunk) {
    int end = chunk.limit();
    for (int block = 0; block < end; block += Volume.BLOCK_BYTES) {
      ByteBuffer part = chunk.slice(block, Math.min(Volume.BLOCK_BYTES, end - block));
      if (part.mismatch(ByteBuffer.allocate(part.remaining())) >= 0) {
        file.write(path, offset + block, part);
      }
    }
  }

  /**
   * Clones a file, or a directory with everything below it, in the array's own console: the clone
   * shares all blocks. Both are on one volume.
   *
   * @param destination must not be there
   */
  public void clone(String source, String destination) {
    Place from = Place.of(source);
    Place to = Place.of(destination);
    Volume volume = paths.volume(from);
    Inode original = FilePaths.inode(volume, from);
    Inode parent = FilePaths.directory(paths.volume(to), to, to.parentNames(destination));
    Name name = Name.of(to.last());
    at(
        destination,
        () ->
            original.attributes().type() == FileType.DIRECTORY
                ? volume.clones().cloneTree(Caller.ROOT, original, parent, name)
                : volume
                    .clones()
                    .cloneAs(Caller.ROOT, original, parent, name, AttributeChanges.NONE));
  }

  /**
   * Waits until everything that was made of a volume so far survives a crash, of a durable array.
   *
   * @param volumeName without a slash
   * @throws ArrayException NO_SPACE or IO if it cannot be made durable
   */
  public void awaitDurable(String volumeName) {
    Volume volume = paths.volume(Place.of("/" + volumeName));
    CompletableFuture<Void> done = new CompletableFuture<>();
    volume
        .array()
        .whenDurable(
            volume.transactionGroup(),
            Runnable::run,
            failure -> {
              if (failure == null) {
                done.complete(null);
              } else {
                done.completeExceptionally(failure);
              }
            });
    try {
      done.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof ArrayException known ? known : e;
    }
  }

  /** Removes a file, or a directory with everything below it. */
  public void delete(String path) {
    Place place = Place.of(path);
    Volume volume = paths.volume(place);
    Inode inode = FilePaths.inode(volume, place);
    Inode parent = FilePaths.directory(volume, place, place.parentNames(path));
    remove(volume, parent, Name.of(place.last()), inode, path);
  }

  private static void remove(Volume volume, Inode parent, Name name, Inode inode, String path) {
    if (inode.attributes().type() != FileType.DIRECTORY) {
      at(path, () -> volume.names().remove(Caller.ROOT, parent, name));
      return;
    }
    for (DirectoryEntry entry : FilePaths.entries(volume, inode, path)) {
      remove(volume, inode, entry.name(), entry.inode(), path + "/" + entry.name());
    }
    at(path, () -> volume.names().removeDirectory(Caller.ROOT, parent, name));
  }

  // ---------------------------------------------------------------- looking

  /** Whether there is such a file or directory. */
  public boolean exists(String path) {
    Place place = Place.of(path);
    try {
      FilePaths.inode(paths.volume(place), place);
      return true;
    } catch (ArrayException e) {
      if (e.error() == ArrayError.NOT_FOUND || e.error() == ArrayError.NOT_DIRECTORY) {
        return false;
      }
      throw e;
    }
  }

  /** The size in bytes. */
  public long sizeBytes(String path) {
    Place place = Place.of(path);
    Volume volume = paths.volume(place);
    Inode inode = FilePaths.inode(volume, place);
    return at(path, inode::attributes).sizeBytes();
  }

  /**
   * All bytes of a file.
   *
   * @throws ArrayException also INVALID_ARGUMENT for a file that no Java array can hold
   */
  public byte[] read(String path) {
    long size = sizeBytes(path);
    if (size > Integer.MAX_VALUE - 8) {
      throw new ArrayException(
          ArrayError.INVALID_ARGUMENT, "%s has %d bytes: read it in parts".formatted(path, size));
    }
    return read(path, 0, (int) size);
  }

  /** Some bytes of a file; fewer than asked if it ends before. */
  public byte[] read(String path, long offsetBytes, int countBytes) {
    Place place = Place.of(path);
    Volume volume = paths.volume(place);
    Inode file = FilePaths.file(volume, place);
    ByteBuffer target = ByteBuffer.allocate(countBytes);
    while (target.hasRemaining()) {
      int before = target.position();
      boolean ended =
          at(path, () -> volume.files().read(Caller.ROOT, file, offsetBytes + before, target))
              .endOfFile();
      if (ended || target.position() == before) {
        break;
      }
    }
    byte[] bytes = new byte[target.position()];
    target.flip().get(bytes);
    return bytes;
  }

  /** The names in a directory, in the order in which clients list them. */
  public List<String> list(String path) {
    Place place = Place.of(path);
    Volume volume = paths.volume(place);
    return FilePaths.entries(volume, FilePaths.inode(volume, place), path).stream()
        .map(entry -> entry.name().toString())
        .toList();
  }

  /** What a file takes, by the ledger; exact to the block. */
  public FileSpace space(String path) {
    Place place = Place.of(path);
    Volume volume = paths.volume(place);
    Inode file = FilePaths.file(volume, place);
    return at(path, () -> volume.space().of(file));
  }

  // ---------------------------------------------------------------- paths

  private record Opened(Volume volume, Inode inode) {
    void write(String path, long offsetBytes, ByteBuffer bytes) {
      at(path, () -> volume.files().write(Caller.ROOT, inode, offsetBytes, bytes));
    }
  }

  private Opened makeEmpty(String path) {
    Place place = Place.of(path);
    Volume volume = paths.volume(place);
    Inode parent = FilePaths.directory(volume, place, place.parentNames(path));
    Inode made =
        at(
                path,
                () ->
                    volume
                        .names()
                        .create(
                            Caller.ROOT,
                            parent,
                            Name.of(place.last()),
                            new CreateMode.Unchecked(),
                            AttributeChanges.ofSize(0)))
            .inode();
    return new Opened(volume, made);
  }
}
