/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.plugin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.facsim.protocol.mount.Mount3Client;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.nfs3.Nfs3Client;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.opensds.CloneState;
import org.facsim.protocol.opensds.OpenSds;
import org.facsim.protocol.opensds.OpenSdsCall;
import org.facsim.protocol.opensds.OpenSdsCommand;
import org.facsim.protocol.opensds.OpenSdsReply;
import org.facsim.protocol.opensds.OpenSdsRequest;
import org.facsim.protocol.opensds.OpenSdsResult;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;

/**
 * A plugin for {@code facsim certify} that speaks OpenSDS or JSON: one full clone, followed to its
 * end. It gives up where the array does not come along. Its exit codes are those of the contract.
 */
final class DialectPlugin {
  private static final int CLONED = 0;
  private static final int NOT_CLONED = 10;

  private DialectPlugin() {}

  public static void main(String[] arguments) throws Exception {
    boolean isCloned;
    try {
      isCloned = arguments[0].equals("json") ? overJson() : overOpenSds();
    } catch (IOException | CompletionException noAnswer) {
      System.out.println(noAnswer);
      isCloned = false;
    }
    System.exit(isCloned ? CLONED : NOT_CLONED);
  }

  private static String given(String name) {
    return System.getenv("FACSIM_" + name);
  }

  private static Duration timeout() {
    return Duration.ofSeconds(Long.parseLong(given("CALL_TIMEOUT_SECONDS")));
  }

  private static void pause() throws InterruptedException {
    Thread.sleep(Long.parseLong(given("POLL_MILLIS")));
  }

  // ---------------------------------------------------------------- OpenSDS

  private static boolean overOpenSds() throws InterruptedException {
    InetSocketAddress array =
        new InetSocketAddress(given("ADDRESS"), Integer.parseInt(given("PORT")));
    RpcClientOptions options = RpcClientOptions.defaults().withTimeouts(timeout(), timeout());
    try (RpcClient rpc = RpcClient.connect(array, options).join()) {
      Nfs3Client nfs = new Nfs3Client(rpc);
      Nfs3Handle root = new Mount3Client(rpc).mount(given("EXPORT")).join().handle();
      Nfs3Handle source = nfs.lookup(root, given("SOURCE")).join().handle();
      Nfs3Handle copy = nfs.lookup(root, given("DESTINATION")).join().handle();
      OpenSdsReply job =
          ask(rpc, copy, Optional.of(source), OpenSdsRequest.clone(0, given("DESTINATION")));
      while (isOk(job) && job.cloneState() != CloneState.COMPLETE) {
        pause();
        job = ask(rpc, copy, Optional.empty(), OpenSdsRequest.of(OpenSdsCommand.PROGRESS));
      }
      return isOk(job);
    }
  }

  private static boolean isOk(OpenSdsReply reply) {
    return reply.status() == Nfs3Status.OK && reply.result() == OpenSdsResult.OK;
  }

  private static OpenSdsReply ask(
      RpcClient rpc, Nfs3Handle copy, Optional<Nfs3Handle> source, OpenSdsRequest request) {
    OpenSdsCall call = new OpenSdsCall(copy, source, request.toBlock());
    OpenSdsReply reply =
        rpc.call(Nfs3.PROGRAM, Nfs3.VERSION, OpenSds.PROCEDURE, call::encode, OpenSdsReply::decode)
            .join();
    System.out.println(reply);
    return reply;
  }

  // ---------------------------------------------------------------- JSON

  private static boolean overJson() throws IOException, InterruptedException {
    JsonNode session = send("POST", "", "{\"exportPath\": \"" + given("EXPORT") + "\"}");
    String clones = "/" + session.path("session").asText() + "/clones";
    JsonNode job =
        send(
            "POST",
            clones,
            "{\"requestId\": 1, \"source\": {\"path\": \"%s\"}, \"destination\": {\"path\": \"%s\"}}"
                .formatted(given("SOURCE"), given("DESTINATION")));
    while (job.has("jobId") && !job.path("done").asBoolean()) {
      pause();
      job = send("GET", clones + "/" + job.path("jobId").asText(), null);
    }
    return job.path("state").asText().equals("SUCCEEDED");
  }

  private static JsonNode send(String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + given("HTTP") + "/vaai/v1/sessions" + path))
            .timeout(timeout())
            .header("Content-Type", "application/json")
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    System.out.println(method + " " + path + ": " + response.statusCode() + " " + response.body());
    return new ObjectMapper().readTree(response.body());
  }
}
