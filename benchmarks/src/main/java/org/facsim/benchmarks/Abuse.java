/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.facsim.protocol.nfs3.Create3;
import org.facsim.protocol.nfs3.Nfs3Client;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Sattr3;
import org.facsim.protocol.nfs3.StableHow;

/** What a client may do to an array that others use, from another address than theirs. */
enum Abuse {
  NONE("nobody else"),
  CREATES("a client that creates files"),
  NON_READERS("300 clients that never read"),
  IDLE("4,096 idle connections"),
  IDLE_HTTP("2,300 idle HTTP connections"),
  MEMORY_FULL("memory is full");

  private static final int CALL_BYTES = 44;

  /** Full soon, with replies that nobody reads. */
  private static final int RECEIVE_BUFFER_BYTES = 4 << 10;

  private static final int CREATES_IN_FLIGHT = 64;
  private static final int WRITE_BYTES = 1 << 20;
  private static final long CALL_SECONDS = 60;

  final String title;

  Abuse(String title) {
    this.title = title;
  }

  /** Where it goes on. */
  interface Going extends AutoCloseable {
    /** One more step, which does not wait for the server for long. */
    void step() throws Exception;

    @Override
    void close() throws IOException;
  }

  /**
   * Begins it.
   *
   * @param client of the abuser
   */
  Going begin(InetSocketAddress nfs, InetSocketAddress http, Nfs3Client client, Nfs3Handle root)
      throws Exception {
    return switch (this) {
      case NONE -> new Connections();
      case CREATES -> creating(client, root);
      case NON_READERS -> new Connections(nfs, 300, calls(20_000));
      case IDLE -> new Connections(nfs, 4096, new byte[0]);
      case IDLE_HTTP -> new Connections(http, 2300, new byte[0]);
      case MEMORY_FULL -> filling(client, root);
    };
  }

  /** NULL calls of NFS, without a credential. */
  private static byte[] calls(int count) {
    ByteBuffer calls = ByteBuffer.allocate(count * CALL_BYTES);
    for (int xid = 0; xid < count; xid++) {
      calls.putInt(0x8000_0000 | (CALL_BYTES - 4)).putInt(xid).putInt(0).putInt(2);
      calls.putInt(100003).putInt(3).putInt(0).putLong(0).putLong(0);
    }
    return calls.array();
  }

  /** Connections that send what they are given and read nothing. */
  private static final class Connections implements Going {
    private final List<SocketChannel> channels = new ArrayList<>();
    private final List<ByteBuffer> unsent = new ArrayList<>();

    Connections() {}

    Connections(InetSocketAddress server, int count, byte[] calls) throws IOException {
      for (int i = 0; i < count; i++) {
        SocketChannel channel = SocketChannel.open();
        channels.add(channel);
        unsent.add(ByteBuffer.wrap(calls));
        channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
        channel.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.2"), 0));
        channel.connect(server);
        channel.configureBlocking(false);
      }
    }

    @Override
    public void step() {
      for (int i = 0; i < channels.size(); i++) {
        try {
          channels.get(i).write(unsent.get(i));
        } catch (IOException e) {
          unsent.get(i).position(unsent.get(i).limit()); // the server has ended it
        }
      }
    }

    @Override
    public void close() throws IOException {
      for (SocketChannel channel : channels) {
        channel.close();
      }
    }
  }

  /** Goes on as soon as what it asked is answered, in whatever way. */
  private abstract static class Asking implements Going {
    @Override
    public final void step() throws Exception {
      try {
        ask();
      } catch (ExecutionException | TimeoutException e) {
        // refused, or late: that is what abusers get
      }
    }

    abstract void ask() throws Exception;

    @Override
    public void close() {}
  }

  private static Going creating(Nfs3Client client, Nfs3Handle root) {
    return new Asking() {
      private long files;

      @Override
      void ask() throws Exception {
        var asked = new ArrayList<CompletableFuture<?>>();
        for (int i = 0; i < CREATES_IN_FLIGHT; i++) {
          String name = "%0200d".formatted(files++);
          asked.add(client.create(root, name, new Create3.Unchecked(Sattr3.NONE)));
        }
        for (var one : asked) {
          one.get(CALL_SECONDS, TimeUnit.SECONDS);
        }
      }
    };
  }

  private static Going filling(Nfs3Client client, Nfs3Handle root) throws Exception {
    Nfs3Handle file =
        client
            .create(root, "full", new Create3.Unchecked(Sattr3.NONE))
            .get(CALL_SECONDS, TimeUnit.SECONDS)
            .handle();
    byte[] noise = new byte[WRITE_BYTES];
    SplittableRandom random = new SplittableRandom(1);
    random.nextBytes(noise);
    Going going =
        new Asking() {
          private long offsetBytes;

          @Override
          void ask() throws Exception {
            client
                .write(file, offsetBytes, Unpooled.wrappedBuffer(noise), StableHow.UNSTABLE)
                .get(CALL_SECONDS, TimeUnit.SECONDS);
            offsetBytes += WRITE_BYTES;
          }
        };
    for (int i = 0; i < 1100; i++) {
      going.step(); // until there is no more, and on
    }
    return going;
  }
}
