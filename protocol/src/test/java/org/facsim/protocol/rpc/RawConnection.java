/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HexFormat;
import java.util.function.Consumer;

/** A plain socket that speaks what a test writes out, and nothing of its own accord. */
public final class RawConnection implements AutoCloseable {
  /** The program that is called, in version 2. */
  public static final int PROGRAM = EchoProgram.NUMBER;

  private static final int TIMEOUT_MILLIS = 10_000;

  private final Socket socket;
  private final DataInputStream in;

  RawConnection(InetSocketAddress server) throws IOException {
    this(server, 0);
  }

  /**
   * @param receiveBufferBytes of the socket; 0 for what is usual
   */
  RawConnection(InetSocketAddress server, int receiveBufferBytes) throws IOException {
    this(server, receiveBufferBytes, null);
  }

  /**
   * @param from the address to come from; null for any
   */
  RawConnection(InetSocketAddress server, int receiveBufferBytes, InetAddress from)
      throws IOException {
    socket = new Socket();
    socket.bind(from == null ? null : new InetSocketAddress(from, 0));
    if (receiveBufferBytes > 0) {
      socket.setReceiveBufferSize(receiveBufferBytes);
    }
    socket.connect(server);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    in = new DataInputStream(socket.getInputStream());
  }

  /** A call of an AUTH_SYS user in one fragment, its mark in front. */
  public static byte[] call(
      int xid, int procedure, Credential caller, Consumer<ByteBuf> arguments) {
    return record(
        body -> {
          callHeader(body, xid, PROGRAM, 2, procedure);
          CredentialCodec.write(body, caller);
          arguments.accept(body);
        });
  }

  /** A call with AUTH_NONE in one fragment, its mark in front. */
  public static byte[] call(int xid, int procedure, Consumer<ByteBuf> arguments) {
    return record(
        body -> {
          callHeader(body, xid, PROGRAM, 2, procedure);
          body.writeLong(0).writeLong(0);
          arguments.accept(body);
        });
  }

  /** The six words that every call begins with. */
  static void callHeader(ByteBuf out, int xid, int program, int version, int procedure) {
    out.writeInt(xid).writeInt(0).writeInt(2);
    out.writeInt(program).writeInt(version).writeInt(procedure);
  }

  /** One record in one fragment, its mark in front. */
  static byte[] record(Consumer<ByteBuf> body) {
    ByteBuf bytes = Unpooled.buffer();
    bytes.writeInt(0);
    body.accept(bytes);
    bytes.setInt(0, 0x8000_0000 | (bytes.readableBytes() - 4));
    return ByteBufUtil.getBytes(bytes);
  }

  /** What is written as hexadecimal words, white space ignored. */
  static byte[] hex(String words) {
    return HexFormat.of().parseHex(words.replaceAll("\\s", ""));
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /** As much of it as the server takes for now, and the rest in a thread of its own. */
  void sendWithoutWaiting(byte[] bytes) {
    Thread sender =
        new Thread(
            () -> {
              try {
                send(bytes);
              } catch (IOException e) {
                // closed
              }
            },
            "sender");
    sender.setDaemon(true);
    sender.start();
  }

  /** The next bytes, as many as there must be. */
  byte[] read(int count) throws IOException {
    byte[] bytes = new byte[count];
    in.readFully(bytes);
    return bytes;
  }

  /** The next record of one fragment, without its mark. */
  ByteBuf readRecord() throws IOException {
    int mark = in.readInt();
    if (mark >= 0) {
      throw new IOException("a fragment that is not the last");
    }
    return Unpooled.wrappedBuffer(read(mark & Integer.MAX_VALUE));
  }

  /** True if the peer closes the connection without another byte. */
  boolean isClosedByPeer() throws IOException {
    try {
      return in.read() < 0;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  void setReceiveBufferBytes(int bytes) throws IOException {
    socket.setReceiveBufferSize(bytes);
  }

  int localPort() {
    return socket.getLocalPort();
  }

  /** Ends the connection so that the peer notices at once: a reset, no orderly end. */
  void disconnect() throws IOException {
    socket.setSoLinger(true, 0);
    close();
  }

  /** Shuts down the sending side; replies may still come. */
  void endCalls() throws IOException {
    socket.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
