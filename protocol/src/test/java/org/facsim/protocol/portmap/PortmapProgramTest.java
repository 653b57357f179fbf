/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.portmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.facsim.protocol.rpc.RpcException;
import org.facsim.protocol.rpc.RpcFailure;
import org.facsim.protocol.rpc.RpcServer;
import org.facsim.protocol.rpc.RpcServerOptions;
import org.facsim.protocol.xdr.XdrException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PortmapProgramTest {
  private static final String NFS3_TCP = "000186a3 00000003 00000006 00000000";

  private final PortmapProgram program =
      new PortmapProgram(
          new PortmapRegistry(
              InetAddress.getLoopbackAddress(),
              () ->
                  List.of(
                      new PortMapping(100_003, 3, PortMapping.TCP, 2049),
                      new PortMapping(100_003, 4, PortMapping.TCP, 2050),
                      new PortMapping(100_005, 3, PortMapping.TCP, 65_535))));
  private RpcServer server;
  private RpcClient client;

  @BeforeEach
  void start() throws Exception {
    server =
        RpcServer.start(
            RpcServerOptions.listeningOn(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
            List.of(program));
    client =
        RpcClient.connect(server.address(), RpcClientOptions.defaults()).get(5, TimeUnit.SECONDS);
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  /** Arguments and results as the hex words on the wire. */
  private String call(int procedure, String arguments) throws Exception {
    return client
        .call(
            PortmapProgram.NUMBER,
            PortmapProgram.VERSION,
            procedure,
            out -> out.writeBytes(HexFormat.of().parseHex(arguments.replace(" ", ""))),
            ByteBufUtil::hexDump)
        .get(5, TimeUnit.SECONDS);
  }

  @Test
  void theNullProcedureAnswersNothing() throws Exception {
    assertThat(call(0, "")).isEmpty();
  }

  @Test
  void getportTellsThePortOfTheVersion() throws Exception {
    assertThat(call(3, NFS3_TCP)).isEqualTo("00000801");
    assertThat(call(3, "000186a3 00000004 00000006 00000007")).isEqualTo("00000802");
    assertThat(call(3, "000186a5 00000003 00000006 00000000")).isEqualTo("0000ffff");
  }

  @Test
  void getportOfAnUnknownVersionLeadsToWhereTheProgramCanSaySo() throws Exception {
    assertThat(call(3, "000186a5 00000001 00000006 00000000")).isEqualTo("0000ffff");
  }

  @Test
  void getportOfWhatIsNotServedIsZero() throws Exception {
    assertThat(call(3, "000186a3 00000003 00000011 00000000")).isEqualTo("00000000");
    assertThat(call(3, "000186a4 00000003 00000006 00000000")).isEqualTo("00000000");
  }

  @Test
  void dumpListsEverything() throws Exception {
    assertThat(call(4, ""))
        .isEqualTo(
            "00000001000186a3000000030000000600000801"
                + "00000001000186a3000000040000000600000802"
                + "00000001000186a500000003000000060000ffff"
                + "00000000");
  }

  @Test
  void nobodyRegistersFromAnUnprivilegedPort() throws Exception {
    assertThat(call(1, NFS3_TCP)).isEqualTo("00000000");
    assertThat(call(2, NFS3_TCP)).isEqualTo("00000000");
    assertThat(call(3, NFS3_TCP)).isEqualTo("00000801");
  }

  @Test
  void callitIsNotThereAndShortArgumentsAreGarbage() {
    assertThat(failure(5, "")).isEqualTo(RpcFailure.PROCEDURE_UNAVAILABLE);
    assertThat(failure(3, "000186a3 00000003")).isEqualTo(RpcFailure.GARBAGE_ARGUMENTS);
  }

  private RpcFailure failure(int procedure, String arguments) {
    try {
      call(procedure, arguments);
    } catch (ExecutionException e) {
      return ((RpcException) e.getCause()).failure();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    throw new AssertionError("the call succeeded");
  }

  @Test
  void programsAreMappedWithAllTheirVersions() {
    assertThat(PortMapping.of(List.of(program), PortMapping.UDP, 111))
        .containsExactly(new PortMapping(100_000, 2, PortMapping.UDP, 111));
  }

  @Test
  void aListIsReadBackAndAnEndlessOneRefused() {
    List<PortMapping> mappings =
        List.of(new PortMapping(1, 2, 6, 3), new PortMapping(-1, -1, 17, 65_535));
    ByteBuf bytes = Unpooled.buffer();
    PortMapping.writeList(bytes, mappings);
    assertThat(PortMapping.readList(bytes)).isEqualTo(mappings);

    ByteBuf endless = Unpooled.buffer();
    for (int i = 0; i <= PortMapping.MAX_LISTED; i++) {
      endless.writeInt(1).writeZero(16);
    }
    assertThatThrownBy(() -> PortMapping.readList(endless)).isInstanceOf(XdrException.class);
  }
}
