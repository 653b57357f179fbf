/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.dcache.oncrpc4j.rpc.IoStrategy;
import org.dcache.oncrpc4j.rpc.OncRpcAcceptedException;
import org.dcache.oncrpc4j.rpc.OncRpcClient;
import org.dcache.oncrpc4j.rpc.OncRpcProgram;
import org.dcache.oncrpc4j.rpc.OncRpcSvc;
import org.dcache.oncrpc4j.rpc.OncRpcSvcBuilder;
import org.dcache.oncrpc4j.rpc.RpcAuth;
import org.dcache.oncrpc4j.rpc.RpcAuthTypeNone;
import org.dcache.oncrpc4j.rpc.RpcAuthTypeUnix;
import org.dcache.oncrpc4j.xdr.XdrOpaque;
import org.dcache.oncrpc4j.xdr.XdrString;
import org.dcache.oncrpc4j.xdr.XdrVoid;
import org.facsim.protocol.xdr.Xdr;
import org.junit.jupiter.api.Test;

/** Both our ends against oncrpc4j, an implementation of ONC RPC that we did not write. */
class Oncrpc4jTest {
  private static final int TCP = 6;
  private static final RpcAuth USER =
      new RpcAuthTypeUnix(1001, 1002, new int[] {1002, 1003, 1004}, 0x5eed, "their-host");

  /** Calls our server from their client. */
  private static void fromTheirs(RpcAuth auth, ThrowingConsumer test) throws Exception {
    try (EchoServer server = new EchoServer();
        OncRpcClient client =
            new OncRpcClient(server.address(), TCP, 0, IoStrategy.SAME_THREAD, "theirs")) {
      test.accept(
          new org.dcache.oncrpc4j.rpc.RpcCall(
              EchoProgram.NUMBER, 2, auth, client.connect(5, TimeUnit.SECONDS)));
    }
  }

  @FunctionalInterface
  private interface ThrowingConsumer {
    void accept(org.dcache.oncrpc4j.rpc.RpcCall call) throws Exception;
  }

  @Test
  void theirClientGetsItsDataBackFromOurServer() throws Exception {
    Random random = new Random(1);
    fromTheirs(
        USER,
        call -> {
          for (int bytes : new int[] {0, 1, 4096, 70_001, 1 << 20}) {
            byte[] data = new byte[bytes];
            random.nextBytes(data);
            for (int procedure : new int[] {EchoProgram.ECHO, EchoProgram.GATHER}) {
              XdrOpaque reply = new XdrOpaque();
              call.call(procedure, new XdrOpaque(data), reply, 5, TimeUnit.SECONDS);
              assertThat(reply.getOpaque()).isEqualTo(data);
            }
          }
        });
  }

  @Test
  void ourServerSeesTheirCredentials() throws Exception {
    fromTheirs(
        USER,
        call -> {
          XdrString reply = new XdrString();
          call.call(EchoProgram.WHO, XdrVoid.XDR_VOID, reply, 5, TimeUnit.SECONDS);
          assertThat(reply.stringValue())
              .startsWith(
                  "Sys[stamp=%d, machineName=their-host, uid=1001, gid=1002,".formatted(0x5eed)
                      + " groups=[1002, 1003, 1004]]");
        });
    fromTheirs(
        new RpcAuthTypeNone(),
        call -> {
          XdrString reply = new XdrString();
          call.call(EchoProgram.WHO, XdrVoid.XDR_VOID, reply, 5, TimeUnit.SECONDS);
          assertThat(reply.stringValue()).startsWith("None[]");
        });
  }

  @Test
  void theirClientUnderstandsOurRefusals() throws Exception {
    fromTheirs(
        USER,
        call -> {
          assertThatThrownBy(
                  () -> call.call(99, XdrVoid.XDR_VOID, XdrVoid.XDR_VOID, 5, TimeUnit.SECONDS))
              .isInstanceOf(OncRpcAcceptedException.class)
              .hasMessageContaining("PROC_UNAVAIL");
          assertThatThrownBy(
                  () ->
                      call.call(
                          EchoProgram.MALFORMED,
                          XdrVoid.XDR_VOID,
                          XdrVoid.XDR_VOID,
                          5,
                          TimeUnit.SECONDS))
              .isInstanceOf(OncRpcAcceptedException.class)
              .hasMessageContaining("GARBAGE_ARGS");
        });
  }

  @Test
  void theirPipelinedCallsAreAllAnswered() throws Exception {
    fromTheirs(
        USER,
        call -> {
          List<CompletableFuture<XdrString>> answers = new ArrayList<>();
          for (int i = 0; i < 500; i++) {
            answers.add(call.call(EchoProgram.ECHO, new XdrString("call " + i), XdrString.class));
          }
          for (int i = 0; i < 500; i++) {
            assertThat(answers.get(i).get(5, TimeUnit.SECONDS).stringValue())
                .isEqualTo("call " + i);
          }
        });
  }

  /** Procedure 1 echoes opaque data, 2 says who calls, anything else is not there. */
  private static OncRpcSvc theirServer() throws Exception {
    OncRpcSvc server =
        new OncRpcSvcBuilder()
            .withTCP()
            .withoutAutoPublish()
            .withBindAddress("127.0.0.1")
            .withPort(0)
            .withSameThreadIoStrategy()
            .withRpcService(
                new OncRpcProgram(EchoProgram.NUMBER, 2),
                call -> {
                  switch (call.getProcedure()) {
                    case 1 -> {
                      XdrOpaque data = new XdrOpaque();
                      call.retrieveCall(data);
                      call.reply(data);
                    }
                    case 2 -> {
                      call.retrieveCall(XdrVoid.XDR_VOID);
                      call.reply(new XdrString(call.getCredential().toString()));
                    }
                    default -> call.failProcedureUnavailable();
                  }
                })
            .build();
    server.start();
    return server;
  }

  @Test
  void ourClientTalksToTheirServer() throws Exception {
    OncRpcSvc theirs = theirServer();
    InetSocketAddress address =
        new InetSocketAddress(
            InetAddress.getLoopbackAddress(), theirs.getInetSocketAddress(TCP).getPort());
    Credential user = new Credential.Sys(77, "our-host", 1001, 1002, List.of(1003L, 1004L));
    try (EchoServer data = new EchoServer();
        RpcClient client =
            RpcClient.connect(address, RpcClientOptions.defaults().withCredential(user))
                .get(5, TimeUnit.SECONDS)) {
      for (int bytes : new int[] {0, 3, 4096, 20_001, 1 << 20}) {
        ByteBuf payload = data.source.retainedSlice(0, bytes);
        byte[] echoed =
            client
                .call(
                    EchoProgram.NUMBER,
                    2,
                    1,
                    out -> {},
                    payload,
                    in -> Xdr.readOpaque(in, EchoProgram.MAX_DATA_BYTES))
                .get(5, TimeUnit.SECONDS);
        assertThat(echoed).isEqualTo(ByteBufUtil.getBytes(data.source, 0, bytes));
      }
      assertThat(
              client
                  .call(EchoProgram.NUMBER, 2, 2, out -> {}, in -> Xdr.readString(in, 1000))
                  .get(5, TimeUnit.SECONDS))
          .contains("our-host", "1001", "1002", "1003", "1004");
      assertThatThrownBy(
              () ->
                  client
                      .call(EchoProgram.NUMBER, 2, 3, out -> {}, in -> null)
                      .get(5, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasMessageContaining("PROCEDURE_UNAVAILABLE");
      assertThatThrownBy(
              () ->
                  client
                      .call(EchoProgram.NUMBER, 3, 1, out -> {}, in -> null)
                      .get(5, TimeUnit.SECONDS))
          .hasMessageContaining("PROGRAM_UNAVAILABLE"); // theirs does not tell versions apart
    } finally {
      theirs.stop();
    }
  }

  /** Their end of the connection is a client that serves what our server calls over it. */
  @Test
  void ourServerCallsTheirClientOverTheConnectionThatItOpened() throws Exception {
    OncRpcSvc theirs =
        new OncRpcSvcBuilder()
            .withTCP()
            .withoutAutoPublish()
            .withClientMode()
            .withSameThreadIoStrategy()
            .withRpcService(
                new OncRpcProgram(EchoProgram.NUMBER, 2),
                call -> {
                  if (call.getProcedure() == EchoProgram.ECHO) {
                    XdrOpaque data = new XdrOpaque();
                    call.retrieveCall(data);
                    call.reply(data);
                  } else {
                    call.failProcedureUnavailable();
                  }
                })
            .build();
    theirs.start();
    try (PeerServer server = new PeerServer()) {
      var transport = theirs.connect(server.server.address(), 5, TimeUnit.SECONDS);
      var keeper = new org.dcache.oncrpc4j.rpc.RpcCall(PeerServer.NUMBER, 1, USER, transport);
      var echo = new org.dcache.oncrpc4j.rpc.RpcCall(EchoProgram.NUMBER, 2, USER, transport);
      keeper.call(PeerServer.KEEP, XdrVoid.XDR_VOID, XdrVoid.XDR_VOID, 5, TimeUnit.SECONDS);
      RpcCaller back = PeerServer.calling(server.peers.take(), PeerServer.PATIENCE);

      List<CompletableFuture<XdrString>> forth = new ArrayList<>();
      List<CompletableFuture<String>> callbacks = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        String text = "callback " + i;
        forth.add(echo.call(EchoProgram.ECHO, new XdrString("call " + i), XdrString.class));
        callbacks.add(
            back.call(
                EchoProgram.NUMBER,
                2,
                EchoProgram.ECHO,
                out -> Xdr.writeString(out, text),
                in -> Xdr.readString(in, 100)));
      }
      for (int i = 0; i < 200; i++) {
        assertThat(forth.get(i).get(10, TimeUnit.SECONDS).stringValue()).isEqualTo("call " + i);
        assertThat(callbacks.get(i).get(10, TimeUnit.SECONDS)).isEqualTo("callback " + i);
      }
      XdrOpaque round = new XdrOpaque();
      keeper.call(
          PeerServer.ROUND, new XdrOpaque(new byte[] {1, 2, 3}), round, 5, TimeUnit.SECONDS);
      assertThat(round.getOpaque()).containsExactly(1, 2, 3);
      assertThatThrownBy(() -> PeerServer.call(back, 99, 1).get(5, TimeUnit.SECONDS))
          .hasMessageContaining("PROCEDURE_UNAVAILABLE");
      assertThat(server.server.strayReplies()).isZero();
    } finally {
      theirs.stop();
    }
  }
}
