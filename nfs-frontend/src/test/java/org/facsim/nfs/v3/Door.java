/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.facsim.array.ArrayOptions;
import org.facsim.array.Caller;
import org.facsim.array.Durability;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.array.engine.ArrayEngine;
import org.facsim.nfs.MountProgram;
import org.facsim.nfs.retransmission.DuplicateRequestCache;
import org.facsim.protocol.nfs3.Fattr3;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.nfs3.Nfs3Client;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Nfs3Result;
import org.facsim.protocol.nfs3.WccAttr;
import org.facsim.protocol.nfs3.WccData;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.facsim.protocol.rpc.RpcException;
import org.facsim.protocol.rpc.RpcProgram;
import org.facsim.protocol.rpc.RpcServer;
import org.facsim.protocol.rpc.RpcServerOptions;
import org.facsim.services.access.ExportOptions;
import org.facsim.services.access.ExportTable;
import org.facsim.services.access.Grants;
import org.facsim.services.state.Holdings;

/**
 * An array in memory with one exported volume, a real server on a free loopback port, and a client
 * that calls as root. Its clock moves on by a microsecond whenever somebody looks at it.
 */
public final class Door implements AutoCloseable {
  public static final Credential ROOT = new Credential.Sys(1, "tester", 0, 0, List.of());
  public static final long VOLUME_BYTES = 64L << 20;

  private static final long START_NANOS = 1_700_000_000_000_000_000L;

  final AtomicLong nowNanos = new AtomicLong(START_NANOS);
  public final StorageArray array;
  public final Volume volume;
  public final ExportTable exports = new ExportTable();
  public final Grants grants;

  /** What is to be run later, with its delay; nothing runs by itself. */
  public final List<Map.Entry<Duration, Runnable>> later = new CopyOnWriteArrayList<>();

  public final Holdings holdings = new Holdings((delay, task) -> later.add(Map.entry(delay, task)));
  public final RpcServer server;
  public final RpcClient rpc;
  public final Nfs3Client client;
  public final Nfs3Handle root;

  public Door() {
    this(ExportOptions.DEFAULT);
  }

  public Door(ExportOptions options) {
    this(options, null);
  }

  /** With another durability than the array's own, unless that is null. */
  Door(ExportOptions options, Durability durability) {
    array =
        ArrayEngine.ephemeral(
            new ArrayOptions(
                1L << 30,
                () -> {
                  long nanos = nowNanos.addAndGet(1_000);
                  return Instant.ofEpochSecond(0, nanos);
                },
                42));
    volume = array.createVolume("datastore1", VOLUME_BYTES);
    exports.export(volume, options);
    grants = new Grants(array, exports);
    Nfs3Program nfs =
        durability == null
            ? new Nfs3Program(array, grants, holdings.delegations())
            : new Nfs3Program(array, grants, holdings.delegations(), durability);
    server =
        serve(
            new DuplicateRequestCache(
                nfs, Nfs3Program.NOT_IDEMPOTENT, DuplicateRequestCache.DEFAULT_BYTES),
            new MountProgram(exports, grants));
    rpc = connect(ROOT);
    client = new Nfs3Client(rpc);
    root = Handles3.of(volume.root());
  }

  /** Holdings of which nobody holds anything. */
  static Holdings idle() {
    return new Holdings((delay, task) -> {});
  }

  static RpcServer serve(RpcProgram... programs) {
    InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return RpcServer.start(
        RpcServerOptions.listeningOn(loopback).withEventLoops(1), List.of(programs));
  }

  /** One more connection. */
  public RpcClient connect(Credential credential) {
    return RpcClient.connect(
            server.address(), RpcClientOptions.defaults().withCredential(credential))
        .join();
  }

  /** The inode behind a handle. */
  Inode inode(Nfs3Handle handle) {
    return array.resolve(Handles3.toArray(handle));
  }

  /** The attributes as they are now. */
  Fattr3 attributes(Nfs3Handle handle) {
    return Attributes3.of(inode(handle));
  }

  /** What WCC data calls "before", if the change comes now. */
  WccAttr before(Nfs3Handle handle) {
    Fattr3 now = attributes(handle);
    return new WccAttr(now.sizeBytes(), now.modifyTimeNanos(), now.changeTimeNanos());
  }

  /** WCC data of a change that is done. */
  WccData wcc(WccAttr before, Nfs3Handle handle) {
    return new WccData(before, attributes(handle));
  }

  /** WCC data of a change that was refused. */
  WccData afterOnly(Nfs3Handle handle) {
    return new WccData(null, attributes(handle));
  }

  /** Calls and gives the results as they came, byte for byte. */
  byte[] call(int procedure, Consumer<ByteBuf> arguments) {
    return call(rpc, procedure, arguments);
  }

  static byte[] call(RpcClient from, int procedure, Consumer<ByteBuf> arguments) {
    return join(
        from.call(
            Nfs3.PROGRAM,
            Nfs3.VERSION,
            procedure,
            arguments,
            in -> {
              byte[] bytes = new byte[in.readableBytes()];
              in.readBytes(bytes);
              return bytes;
            }));
  }

  /** The whole reply, byte for byte. */
  static void assertReply(byte[] reply, Nfs3Result expected) {
    ByteBuf out = Unpooled.buffer();
    expected.encode(out);
    byte[] bytes = new byte[out.readableBytes()];
    out.readBytes(bytes);
    assertThat(hex(reply)).as("reply against %s", expected).isEqualTo(hex(bytes));
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  /** The value, or what went wrong without its wrapping. */
  public static <T> T join(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RpcException cause) {
        throw new RpcException(cause.failure(), "call failed", cause);
      }
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  /**
   * Everything a client can see of the volume, for "nothing has changed". Looking moves access
   * times, the first time, so it looks twice.
   */
  String picture() {
    StringBuilder picture = new StringBuilder();
    draw(volume.root(), "", picture);
    picture.setLength(0);
    draw(volume.root(), "", picture);
    return picture.append(volume.space()).toString();
  }

  private void draw(Inode inode, String path, StringBuilder picture) {
    picture.append(path).append(' ').append(inode.attributes()).append('\n');
    if (inode.attributes().type() == FileType.DIRECTORY) {
      for (Volume.DirectoryEntry entry :
          volume.names().readDirectory(Caller.ROOT, inode, 0, Integer.MAX_VALUE).entries()) {
        draw(entry.inode(), path + "/" + entry.name(), picture);
      }
    }
  }

  @Override
  public void close() {
    rpc.close();
    server.close();
    array.close();
  }
}
