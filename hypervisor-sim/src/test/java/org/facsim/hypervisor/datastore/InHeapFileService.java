/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.facsim.hypervisor.datastore.DatastoreFile.Written;

/** Files in the heap, sparse, answered at once; a fake array without a wire. */
public final class InHeapFileService implements FileService {
  private static final int PAGE_BYTES = 4096;

  private final AtomicLong lastFileId = new AtomicLong(16);
  private final Node root = new Node(lastFileId.incrementAndGet(), true);
  public Clock clock = Clock.systemUTC();

  /** Runs before each call that reads, makes or removes something, with no lock. */
  public Runnable beforeCall = () -> {};

  public final AtomicLong writeVerifier = new AtomicLong(1);
  public int maxTransferBytes = 1 << 20;

  /** Returns a failure for a WRITE of this file id at this offset, or null. */
  public interface WriteFault {
    DatastoreException at(long fileId, long offsetBytes);
  }

  public WriteFault writeFault = (fileId, offset) -> null;

  public static final class Node implements FileRef {
    public final long fileId;
    final Map<String, Node> children;
    public final TreeMap<Long, byte[]> pages = new TreeMap<>();
    long sizeBytes;
    long modifiedMillis;

    Node(long fileId, boolean directory) {
      this.fileId = fileId;
      this.children = directory ? new TreeMap<>() : null;
    }

    @Override
    public long fileId() {
      return fileId;
    }

    @Override
    public byte[] handleBytes() {
      return Long.toString(fileId).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }
  }

  /** A file of the datastore by path, or null. */
  public synchronized Node find(String path) {
    Node at = root;
    for (String name : path.split("/", -1)) {
      at = at == null ? null : at.children.get(name);
    }
    return at;
  }

  /** Copies a directory's files out, for tools that judge them. */
  public synchronized void copyOut(String directory, Path target) throws Exception {
    for (var entry : find(directory).children.entrySet()) {
      Node file = entry.getValue();
      try (var out =
          java.nio.channels.FileChannel.open(
              target.resolve(entry.getKey()),
              java.nio.file.StandardOpenOption.CREATE_NEW,
              java.nio.file.StandardOpenOption.WRITE)) {
        for (var page : file.pages.entrySet()) {
          int length = (int) Math.min(PAGE_BYTES, file.sizeBytes - page.getKey() * PAGE_BYTES);
          out.write(
              java.nio.ByteBuffer.wrap(page.getValue(), 0, length), page.getKey() * PAGE_BYTES);
        }
      }
      try (var raf = new java.io.RandomAccessFile(target.resolve(entry.getKey()).toFile(), "rw")) {
        raf.setLength(file.sizeBytes);
      }
      assert Files.exists(target.resolve(entry.getKey()));
    }
  }

  /** What an array's clone does: the destination is the source. */
  synchronized void cloneFile(FileRef source, FileRef destination) {
    Node from = (Node) source;
    Node to = (Node) destination;
    to.pages.clear();
    from.pages.forEach((index, page) -> to.pages.put(index, page.clone()));
    to.sizeBytes = from.sizeBytes;
  }

  private <T> CompletableFuture<T> answer(Supplier<T> action) {
    try {
      beforeCall.run();
      synchronized (this) {
        return CompletableFuture.completedFuture(action.get());
      }
    } catch (DatastoreException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static DatastoreException error(DatastoreError error, String name) {
    return new DatastoreException(error, name);
  }

  @Override
  public FileRef root() {
    return root;
  }

  @Override
  public int maxReadBytes() {
    return maxTransferBytes;
  }

  @Override
  public int maxWriteBytes() {
    return maxTransferBytes;
  }

  @Override
  public CompletableFuture<FileRef> lookup(FileRef directory, String name) {
    return answer(
        () -> {
          Node found = ((Node) directory).children.get(name);
          if (found == null) {
            throw error(DatastoreError.NOT_FOUND, name);
          }
          return found;
        });
  }

  @Override
  public CompletableFuture<FileRef> create(FileRef directory, String name, boolean guarded) {
    return answer(
        () -> {
          Node parent = (Node) directory;
          Node found = parent.children.get(name);
          if (found != null && guarded) {
            throw error(DatastoreError.ALREADY_EXISTS, name);
          }
          return found != null ? found : made(parent, name, false);
        });
  }

  private Node made(Node parent, String name, boolean directory) {
    Node node = new Node(lastFileId.incrementAndGet(), directory);
    node.modifiedMillis = clock.millis();
    parent.children.put(name, node);
    return node;
  }

  @Override
  public CompletableFuture<FileRef> makeDirectory(FileRef directory, String name) {
    return answer(
        () -> {
          if (((Node) directory).children.containsKey(name)) {
            throw error(DatastoreError.ALREADY_EXISTS, name);
          }
          return made((Node) directory, name, true);
        });
  }

  @Override
  public CompletableFuture<Void> remove(FileRef directory, String name) {
    return answer(
        () -> {
          if (((Node) directory).children.remove(name) == null) {
            throw error(DatastoreError.NOT_FOUND, name);
          }
          return null;
        });
  }

  @Override
  public CompletableFuture<Void> removeDirectory(FileRef directory, String name) {
    return answer(
        () -> {
          if (!((Node) directory).children.get(name).children.isEmpty()) {
            throw error(DatastoreError.NOT_EMPTY, name);
          }
          ((Node) directory).children.remove(name);
          return null;
        });
  }

  @Override
  public CompletableFuture<List<String>> list(FileRef directory) {
    return answer(() -> new ArrayList<>(((Node) directory).children.keySet()));
  }

  @Override
  public CompletableFuture<Long> sizeBytes(FileRef file) {
    return answer(() -> ((Node) file).sizeBytes);
  }

  @Override
  public CompletableFuture<Long> modifiedMillis(FileRef file) {
    return answer(() -> ((Node) file).modifiedMillis);
  }

  @Override
  public CompletableFuture<SizeAndUse> sizeAndUse(FileRef file) {
    return answer(
        () ->
            new SizeAndUse(
                ((Node) file).sizeBytes, (long) ((Node) file).pages.size() * PAGE_BYTES));
  }

  @Override
  public CompletableFuture<Void> setSizeBytes(FileRef file, long sizeBytes) {
    return answer(
        () -> {
          Node node = (Node) file;
          node.pages.tailMap((sizeBytes + PAGE_BYTES - 1) / PAGE_BYTES, true).clear();
          byte[] edge = node.pages.get(sizeBytes / PAGE_BYTES);
          if (edge != null) {
            java.util.Arrays.fill(edge, (int) (sizeBytes % PAGE_BYTES), PAGE_BYTES, (byte) 0);
          }
          node.sizeBytes = sizeBytes;
          return null;
        });
  }

  @Override
  public CompletableFuture<ByteBuf> read(FileRef file, long offsetBytes, int countBytes) {
    return answer(
        () -> {
          Node node = (Node) file;
          int count = (int) Math.max(0, Math.min(countBytes, node.sizeBytes - offsetBytes));
          ByteBuf out = Unpooled.buffer(count, count);
          for (int done = 0; done < count; ) {
            long at = offsetBytes + done;
            int within = (int) (at % PAGE_BYTES);
            int length = Math.min(count - done, PAGE_BYTES - within);
            byte[] page = node.pages.get(at / PAGE_BYTES);
            if (page == null) {
              out.writeZero(length);
            } else {
              out.writeBytes(page, within, length);
            }
            done += length;
          }
          return out;
        });
  }

  @Override
  public CompletableFuture<Written> write(
      FileRef file, long offsetBytes, ByteBuf data, boolean stable) {
    try {
      return answer(
          () -> {
            Node node = (Node) file;
            DatastoreException fault = writeFault.at(node.fileId, offsetBytes);
            if (fault != null) {
              throw fault;
            }
            int count = data.readableBytes();
            for (int done = 0; done < count; ) {
              long at = offsetBytes + done;
              int within = (int) (at % PAGE_BYTES);
              int length = Math.min(count - done, PAGE_BYTES - within);
              byte[] page =
                  node.pages.computeIfAbsent(at / PAGE_BYTES, key -> new byte[PAGE_BYTES]);
              data.getBytes(data.readerIndex() + done, page, within, length);
              done += length;
            }
            node.sizeBytes = Math.max(node.sizeBytes, offsetBytes + count);
            node.modifiedMillis = clock.millis();
            return new Written(count, stable, writeVerifier.get());
          });
    } finally {
      data.release();
    }
  }

  @Override
  public CompletableFuture<Long> commit(FileRef file) {
    return answer(writeVerifier::get);
  }

  @Override
  public void close() {}
}
