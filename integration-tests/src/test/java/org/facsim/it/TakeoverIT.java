/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.dcache.oncrpc4j.rpc.OncRpcClient;
import org.dcache.oncrpc4j.rpc.RpcAuthTypeUnix;
import org.dcache.oncrpc4j.rpc.RpcCall;
import org.dcache.oncrpc4j.rpc.RpcTransport;
import org.dcache.oncrpc4j.rpc.net.IpProtocolType;
import org.dcache.oncrpc4j.xdr.XdrAble;
import org.dcache.oncrpc4j.xdr.XdrDecodingStream;
import org.dcache.oncrpc4j.xdr.XdrEncodingStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A controller takeover of the program, begun on the command line, as a client not written here
 * sees it: oncrpc4j carries messages that are laid out by hand after RFC 1813 and the NLM
 * specification.
 */
class TakeoverIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int PRE_OP_BYTES = 3 * 8;
  private static final int POST_OP_BYTES = 84;

  private static final int MOUNT = 100005;
  private static final int NFS = 100003;
  private static final int NLM = 100021;
  private static final int NLM_GRANTED = 0;
  private static final int NLM_DENIED_GRACE_PERIOD = 4;

  private final HttpClient http = HttpClient.newHttpClient();
  private FacsimServer server;
  private Connection connection;

  @BeforeEach
  void start() throws IOException {
    server = FacsimServer.start("--volume", "ds=64MiB", "--http-port", "0", "--lock-grace", "600");
    connection = new Connection();
  }

  @AfterEach
  void stop() throws IOException {
    connection.close();
    server.close();
  }

  private interface Arguments {
    void encode(XdrEncodingStream out) throws IOException;
  }

  private interface Results<T> {
    T decode(XdrDecodingStream in) throws IOException;
  }

  /** One connection of the foreign client. */
  private final class Connection implements AutoCloseable {
    private final OncRpcClient client;
    private final RpcTransport transport;

    Connection() throws IOException {
      client = new OncRpcClient(server.address(), IpProtocolType.TCP);
      transport = client.connect(10, TimeUnit.SECONDS);
    }

    <T> T call(int program, int version, int procedure, Arguments arguments, Results<T> results)
        throws IOException, TimeoutException {
      Exchange<T> exchange = new Exchange<>(arguments, results);
      RpcAuthTypeUnix root = new RpcAuthTypeUnix(0, 0, new int[0], 0, "foreign");
      new RpcCall(program, version, root, transport)
          .call(procedure, exchange, exchange, 30, TimeUnit.SECONDS);
      return exchange.value;
    }

    byte[] mount() throws Exception {
      return call(
          MOUNT,
          3,
          1,
          out -> out.xdrEncodeString("/ds"),
          in -> {
            requireOk(in);
            return in.xdrDecodeDynamicOpaque();
          });
    }

    byte[] create(byte[] directory) throws Exception {
      return call(
          NFS,
          3,
          8,
          out -> {
            out.xdrEncodeDynamicOpaque(directory);
            out.xdrEncodeString("file");
            for (int i = 0; i < 7; i++) {
              out.xdrEncodeInt(0); // UNCHECKED, and six attributes that are not set
            }
          },
          in -> {
            requireOk(in);
            assertThat(in.xdrDecodeBoolean()).as("with a handle").isTrue();
            return in.xdrDecodeDynamicOpaque();
          });
    }

    /** Writes without making it stable; returns the write verifier. */
    long write(byte[] file) throws Exception {
      byte[] data = "what the client keeps until it is stable".getBytes(UTF_8);
      return call(
          NFS,
          3,
          7,
          out -> {
            out.xdrEncodeDynamicOpaque(file);
            out.xdrEncodeLong(0);
            out.xdrEncodeInt(data.length);
            out.xdrEncodeInt(0); // UNSTABLE
            out.xdrEncodeDynamicOpaque(data);
          },
          in -> {
            requireOk(in);
            skipChange(in);
            assertThat(in.xdrDecodeInt()).isEqualTo(data.length);
            in.xdrDecodeInt(); // how stable it is
            return in.xdrDecodeLong();
          });
    }

    /** Makes it stable; returns the write verifier. */
    long commit(byte[] file) throws Exception {
      return call(
          NFS,
          3,
          21,
          out -> {
            out.xdrEncodeDynamicOpaque(file);
            out.xdrEncodeLong(0);
            out.xdrEncodeInt(0);
          },
          in -> {
            requireOk(in);
            skipChange(in);
            return in.xdrDecodeLong();
          });
    }

    /** Locks the whole file; returns the status. */
    int lock(byte[] file, boolean reclaim) throws Exception {
      byte[] cookie = {1};
      return call(
          NLM,
          4,
          2,
          out -> {
            out.xdrEncodeDynamicOpaque(cookie);
            out.xdrEncodeBoolean(false); // does not wait
            out.xdrEncodeBoolean(true); // exclusive
            out.xdrEncodeString("foreign");
            out.xdrEncodeDynamicOpaque(file);
            out.xdrEncodeDynamicOpaque("owner".getBytes(UTF_8));
            out.xdrEncodeInt(1);
            out.xdrEncodeLong(0);
            out.xdrEncodeLong(0);
            out.xdrEncodeBoolean(reclaim);
            out.xdrEncodeInt(1);
          },
          in -> {
            assertThat(in.xdrDecodeDynamicOpaque()).isEqualTo(cookie);
            return in.xdrDecodeInt();
          });
    }

    @Override
    public void close() throws IOException {
      client.close();
    }
  }

  private static void requireOk(XdrDecodingStream in) throws IOException {
    assertThat(in.xdrDecodeInt()).as("the status").isZero();
  }

  /** Attributes before and after a change. */
  private static void skipChange(XdrDecodingStream in) throws IOException {
    if (in.xdrDecodeBoolean()) {
      in.xdrDecodeOpaque(PRE_OP_BYTES);
    }
    if (in.xdrDecodeBoolean()) {
      in.xdrDecodeOpaque(POST_OP_BYTES);
    }
  }

  private static final class Exchange<T> implements XdrAble {
    private final Arguments arguments;
    private final Results<T> results;
    private T value;

    Exchange(Arguments arguments, Results<T> results) {
      this.arguments = arguments;
      this.results = results;
    }

    @Override
    public void xdrEncode(XdrEncodingStream out) throws IOException {
      arguments.encode(out);
    }

    @Override
    public void xdrDecode(XdrDecodingStream in) throws IOException {
      value = results.decode(in);
    }
  }

  private String events() throws Exception {
    URI events = URI.create("http://" + server.httpAddress() + "/api/v1/events");
    return http.send(HttpRequest.newBuilder(events).build(), BodyHandlers.ofString()).body();
  }

  @Test
  void aForeignClientIsResetAndFindsItsFileAndReclaimsItsLock() throws Exception {
    byte[] file = connection.create(connection.mount());
    long verifier = connection.write(file);
    assertThat(connection.lock(file, false)).isEqualTo(NLM_GRANTED);
    try (Socket idle = new Socket(server.address().getAddress(), server.port())) {
      idle.setSoTimeout((int) PATIENCE.toMillis());
      Processes.Outcome begun =
          Processes.facsim(
              "fault", "preset", "--http=" + server.httpAddress(), "takeover", "--for", "3s");
      assertThat(begun.exitCode()).as(begun.err()).isZero();
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> idle.getInputStream().read())
          .withMessageContaining("reset");
    }
    await().atMost(PATIENCE).until(() -> !connection.transport.isOpen());
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> connection.commit(file));
    connection.close();
    await().atMost(PATIENCE).until(() -> events().contains("ArrayCameBack"));

    connection = new Connection();
    assertThat(connection.lock(file, false)).isEqualTo(NLM_DENIED_GRACE_PERIOD);
    assertThat(connection.lock(file, true)).as("reclaimed").isEqualTo(NLM_GRANTED);
    assertThat(connection.commit(file)).as("so it writes again").isNotEqualTo(verifier);
  }
}
