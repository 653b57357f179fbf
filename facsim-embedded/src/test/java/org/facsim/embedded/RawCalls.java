/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.function.Consumer;

/** Calls with an xid of one's choice, over one connection or one datagram socket. */
final class RawCalls implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 20_000;

  private final Socket stream;
  private final DatagramSocket datagrams;

  private RawCalls(Socket stream, DatagramSocket datagrams) {
    this.stream = stream;
    this.datagrams = datagrams;
  }

  static RawCalls tcp(InetSocketAddress server) throws IOException {
    Socket socket = new Socket(server.getAddress(), server.getPort());
    socket.setSoTimeout(TIMEOUT_MILLIS);
    return new RawCalls(socket, null);
  }

  static RawCalls udp(InetSocketAddress server) throws IOException {
    DatagramSocket socket = new DatagramSocket();
    socket.connect(server);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    return new RawCalls(null, socket);
  }

  /** Of root, by AUTH_SYS. */
  record Call(int program, int version, int procedure, Consumer<ByteBuf> arguments) {}

  /** The record of a call, without a mark. */
  static byte[] record(int xid, Call call) {
    ByteBuf out = Unpooled.buffer();
    out.writeInt(xid).writeInt(0).writeInt(2);
    out.writeInt(call.program()).writeInt(call.version()).writeInt(call.procedure());
    out.writeInt(1).writeInt(20); // AUTH_SYS: stamp, no name, root, no groups
    out.writeInt(0).writeInt(0).writeInt(0).writeInt(0).writeInt(0);
    out.writeLong(0);
    call.arguments().accept(out);
    return ByteBufUtil.getBytes(out);
  }

  void send(int xid, Call call) throws IOException {
    byte[] record = record(xid, call);
    if (datagrams != null) {
      datagrams.send(new DatagramPacket(record, record.length));
    } else {
      ByteBuf marked = Unpooled.buffer();
      marked.writeInt(0x8000_0000 | record.length).writeBytes(record);
      stream.getOutputStream().write(ByteBufUtil.getBytes(marked));
    }
  }

  /**
   * An answer.
   *
   * @param acceptStatus of RFC 5531; 0 for results; that of a denial means nothing
   * @param results what is behind it
   * @param record all of it, without a mark
   */
  @SuppressWarnings("ArrayRecordComponent") // read once, compared nowhere
  record Answer(int xid, int acceptStatus, ByteBuf results, byte[] record) {}

  /** The next answer, whichever call it is to. */
  Answer receive() throws IOException {
    byte[] record;
    if (datagrams != null) {
      DatagramPacket packet = new DatagramPacket(new byte[9000], 9000);
      datagrams.receive(packet);
      record = Arrays.copyOf(packet.getData(), packet.getLength());
    } else {
      DataInputStream in = new DataInputStream(stream.getInputStream());
      record = new byte[in.readInt() & Integer.MAX_VALUE];
      in.readFully(record);
    }
    ByteBuf in = Unpooled.wrappedBuffer(record);
    int xid = in.getInt(0);
    in.skipBytes(20);
    int acceptStatus = in.isReadable() ? in.readInt() : -1;
    return new Answer(xid, acceptStatus, in.slice(), record);
  }

  Answer exchange(int xid, Call call) throws IOException {
    send(xid, call);
    return receive();
  }

  /** Ends this side; the other one may still send. */
  void shutdownOutput() throws IOException {
    stream.shutdownOutput();
  }

  /** The connection itself. */
  Socket stream() {
    return stream;
  }

  /** Whether nothing comes for so long. */
  boolean isSilentFor(int millis) throws IOException {
    setTimeout(millis);
    try {
      receive();
      return false;
    } catch (SocketTimeoutException silent) {
      return true;
    } finally {
      setTimeout(TIMEOUT_MILLIS);
    }
  }

  private void setTimeout(int millis) throws IOException {
    if (stream != null) {
      stream.setSoTimeout(millis);
    } else {
      datagrams.setSoTimeout(millis);
    }
  }

  /** Whether the server closes the connection before it answers anything. */
  boolean isHungUp() throws IOException {
    try {
      receive();
      return false;
    } catch (EOFException | SocketException end) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    if (stream != null) {
      stream.close();
    } else {
      datagrams.close();
    }
  }
}
