/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.FileHandle;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.embedded.FacsimArray;
import org.facsim.protocol.mount.Mount3Client;
import org.facsim.protocol.nfs3.GetAttr3;
import org.facsim.protocol.nfs3.Nfs3Client;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nlm.NetObject;
import org.facsim.protocol.nlm.NlmClient;
import org.facsim.protocol.nlm.NlmLock;
import org.facsim.protocol.nlm.NlmLockArgs;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.facsim.services.control.StateControl;
import org.facsim.services.offload.NamedProfiles;
import org.junit.jupiter.api.Test;

/**
 * What the door really answers is what {@code openapi.yaml} says: the status is one that it has for
 * the operation, and the body fits the schema. Each operation on the array is called, with success
 * and with each refusal that a request can bring about.
 */
class DescribedAnswersTest {
  /** They take a disk that fails, or a volume that goes in the middle of a request. */
  private static final Set<String> NOT_BROUGHT_ABOUT = Set.of("410", "500", "507", "default");

  private static final String JSON = "application/json";
  private static final String VOLUMES = "/api/v1/volumes/";
  private static final String STATES = "/api/v1/states";

  private final JsonNode document = read();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Set<String> seen = new TreeSet<>();
  private final FakeLab lab = new FakeLab();
  private final FakeDemo demo = new FakeDemo();
  private FacsimArray array;

  private static JsonNode read() {
    try (var in = HttpDoor.class.getResourceAsStream("openapi.yaml")) {
      return new YAMLMapper().readTree(in);
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Sends it, and compares the answer with what is described. */
  private JsonNode call(
      String method, String template, String path, String type, String body, int status)
      throws Exception {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(
                    URI.create(
                        "http://"
                            + FacsimArray.hostAndPort(array.managementAddress().orElseThrow())
                            + path))
                .header("Content-Type", type)
                .method(method, BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());
    String what = method + " " + path + ": " + answer.body();
    assertThat(answer.statusCode()).as(what).isEqualTo(status);
    String operation = method.toLowerCase(Locale.ROOT);
    JsonNode responses = document.path("paths").path(template).path(operation).path("responses");
    assertThat(responses.has("" + status)).as("described: %s", what).isTrue();
    seen.add(operation + " " + template + " " + status);
    JsonNode content =
        DescribedSchema.resolve(document, responses.path("" + status)).path("content");
    if (content.isMissingNode()) {
      assertThat(answer.body()).as(what).isEmpty();
      return content;
    }
    String contentType = answer.headers().firstValue("Content-Type").orElse("");
    assertThat(content.has(contentType)).as("%s of %s", contentType, what).isTrue();
    JsonNode value = new ObjectMapper().readTree(answer.body());
    assertThat(
            DescribedSchema.problemsOf(document, content.path(contentType).path("schema"), value))
        .as(what)
        .isEmpty();
    return value;
  }

  private JsonNode get(String path) throws Exception {
    return call("GET", path, path, JSON, "", 200);
  }

  private JsonNode of(String method, String what, String volume, String body, int status)
      throws Exception {
    return call(
        method, VOLUMES + "{volume}/" + what, VOLUMES + volume + "/" + what, JSON, body, status);
  }

  /** What every call that changes something refuses. */
  private void refusals(String method, String template, String path) throws Exception {
    call(method, template, path, "text/plain", "", 415);
    call(method, template, path, JSON, "{\"x\": 1}", 400);
    call(method, template, path, JSON, " ".repeat((64 << 10) + 1), 413);
  }

  @Test
  void everyAnswerOfTheArrayIsAsDescribed() throws Exception {
    FacsimArray started =
        FacsimArray.builder()
            .volume("ds", 1L << 30)
            .volume("other", 1L << 30)
            .nfsPort(0)
            .management(
                new HttpManagement(
                        HttpDoorOptions.listeningOn(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                            .withCommandPatience(Duration.ofMillis(1)))
                    .withLab(lab)
                    .withDemo(demo))
            .start();
    array = started;
    try (started;
        RpcClient rpc =
            RpcClient.connect(
                    array.nfsAddress(),
                    RpcClientOptions.defaults()
                        .withCredential(new Credential.Sys(0, "tester", 0, 0, List.of())))
                .join()) {
      useIt(rpc);
      get("/api/v1/array");
      assertThat(get("/api/v1/volumes").path("items")).hasSize(2);
      assertThat(get("/api/v1/profiles").path("items")).isNotEmpty();
      assertThat(get("/api/v1/exports").path("items")).hasSize(2);
      profiles();
      exports();
      volumes();
      jobs();
      explanations();
      files();
      virtualMachines();
      clones();
      watching();
      events();
      states();
      JsonNode calls = get("/api/v1/statistics/rpc").path("items");
      assertThat(calls).anyMatch(item -> item.path("errorsByStatus").size() > 0);
      String vaai = "/api/v1/statistics/vaai";
      assertThat(get(vaai).path("items")).isNotEmpty();
      refusals("DELETE", vaai, vaai);
      call("DELETE", vaai, vaai, JSON, "", 204);
      locks(rpc);
      journal();
      lists();
      lab();
      demo();
      faults(); // the last one: the array is away afterwards
    }
    assertThat(missing()).as("described, and never answered here").isEmpty();
  }

  private Set<String> missing() {
    Set<String> missing = new TreeSet<>();
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        operation ->
                            operation
                                .getValue()
                                .path("responses")
                                .fieldNames()
                                .forEachRemaining(
                                    status -> {
                                      if (path.getKey().startsWith("/api/")
                                          && !NOT_BROUGHT_ABOUT.contains(status)) {
                                        missing.add(
                                            operation.getKey()
                                                + " "
                                                + path.getKey()
                                                + " "
                                                + status);
                                      }
                                    })));
    assertThat(missing).hasSizeGreaterThan(40);
    missing.removeAll(seen);
    return missing;
  }

  /** A lock, an error, a clone: so that lists have items. */
  private void useIt(RpcClient rpc) throws Exception {
    Volume volume = array.storage().volume("ds").orElseThrow();
    FileHandle handle =
        volume
            .names()
            .create(
                Caller.ROOT,
                volume.root(),
                Name.of("f"),
                new Volume.CreateMode.Guarded(),
                AttributeChanges.NONE)
            .inode()
            .handle();
    NetObject owner = NetObject.of(new byte[] {1});
    NlmLock lock =
        new NlmLock(
            "esx1",
            Nfs3Handle.ofWords(handle.word(0), handle.word(1), handle.word(2), handle.word(3)),
            owner,
            1,
            0,
            0);
    new NlmClient(rpc).lock(new NlmLockArgs(owner, false, true, lock, false, 1)).join();
    new Mount3Client(rpc).mount("/ds").join();
    new Nfs3Client(rpc).getAttributes(new GetAttr3.Args(Nfs3Handle.ofWords(1, 2, 3, 4))).join();
    JsonNode session =
        call(
            "POST",
            "/vaai/v1/sessions",
            "/vaai/v1/sessions",
            JSON,
            "{\"exportPath\":\"/ds\"}",
            201);
    call(
        "POST",
        "/vaai/v1/sessions/{session}/clones",
        "/vaai/v1/sessions/" + session.path("session").asText() + "/clones",
        JSON,
        """
        {"requestId": 1, "source": {"path": "f"}, "destination": {"path": "g"}, "flags": ["LAZY"]}\
        """,
        200);
  }

  private void profiles() throws Exception {
    String profile = of("GET", "profile", "ds", "", 200).toString();
    of("GET", "profile", "none", "", 404);
    of("PUT", "profile", "ds", profile, 200);
    of("PUT", "profile", "none", profile, 404);
    late("PUT", VOLUMES + "{volume}/profile", VOLUMES + "ds/profile", JSON, profile);
    of("DELETE", "profile", "ds", "{}", 204);
    of("DELETE", "profile", "none", "", 404);
    for (String method : List.of("PUT", "DELETE")) {
      refusals(method, VOLUMES + "{volume}/profile", VOLUMES + "ds/profile");
    }
  }

  private void exports() throws Exception {
    String exports = of("GET", "exports", "ds", "", 200).toString();
    of("GET", "exports", "none", "", 404);
    of("PUT", "exports", "ds", exports, 200);
    of("PUT", "exports", "none", exports, 404);
    late("PUT", VOLUMES + "{volume}/exports", VOLUMES + "ds/exports", JSON, exports);
    refusals("PUT", VOLUMES + "{volume}/exports", VOLUMES + "ds/exports");
  }

  private void volumes() throws Exception {
    String volumes = "/api/v1/volumes";
    String volume = volumes + "/{volume}";
    String wanted =
        """
        {"name": "new", "sizeBytes": 1048576, "rules": ["*(ro)"], "profile": {"profile": "off"}}\
        """;
    call("POST", volumes, volumes, JSON, wanted, 201);
    call("POST", volumes, volumes, JSON, wanted, 409);
    refusals("POST", volumes, volumes);
    call("GET", volume, volumes + "/new", JSON, "", 200);
    call("GET", volume, volumes + "/none", JSON, "", 404);
    String larger = "{\"sizeBytes\": 2097152}";
    call("PATCH", volume, volumes + "/new", JSON, larger, 200);
    call("PATCH", volume, volumes + "/none", JSON, larger, 404);
    refusals("PATCH", volume, volumes + "/new");
    late("PATCH", volume, volumes + "/new", JSON, larger);
    late("DELETE", volume, volumes + "/new", JSON, "");
    refusals("DELETE", volume, volumes + "/new");
    call("DELETE", volume, volumes + "/new", JSON, "", 204);
    call("DELETE", volume, volumes + "/new", JSON, "", 404);
    Volume ds = array.storage().volume("ds").orElseThrow();
    array.control().snapshots().create(ds, "f", "hourly");
    assertThat(of("GET", "snapshots", "ds", "", 200).path("items")).hasSize(1);
    of("GET", "snapshots", "none", "", 404);
    String snapshot = VOLUMES + "{volume}/snapshots/{snapshot}";
    refusals("DELETE", snapshot, VOLUMES + "ds/snapshots/hourly");
    call("DELETE", snapshot, VOLUMES + "ds/snapshots/hourly", JSON, "", 204);
    call("DELETE", snapshot, VOLUMES + "ds/snapshots/hourly", JSON, "", 404);
  }

  private void files() throws Exception {
    String octets = "application/octet-stream";
    String file = VOLUMES + "{volume}/files/{path}";
    call("PUT", file, VOLUMES + "ds/files/vm1/vm1.vmx", octets, "displayName = \"One\"", 201);
    call("PUT", file, VOLUMES + "ds/files/vm1/vm1.vmx", octets, "displayName = \"First\"", 200);
    call("PUT", file, VOLUMES + "ds/files/vm1/vm1-flat.vmdk", octets, "x".repeat(8192), 201);
    call("PUT", file, VOLUMES + "ds/files/vm1", octets, "x", 400);
    call("PUT", file, VOLUMES + "none/files/x", octets, "x", 404);
    call("PUT", file, VOLUMES + "ds/files/x", JSON, "x", 415);
    changed(file, VOLUMES + "ds/files/vm1/vm1.vmx");
    octets(file, VOLUMES + "ds/files/vm1/vm1.vmx", "", 200);
    octets(file, VOLUMES + "ds/files/vm1/vm1.vmx", "bytes=0-10", 206);
    octets(file, VOLUMES + "ds/files/vm1/vm1.vmx", "bytes=99-", 416);
    call("GET", file, VOLUMES + "ds/files/vm1", JSON, "", 400);
    call("GET", file, VOLUMES + "ds/files/vm1/none", JSON, "", 404);
    String files = VOLUMES + "{volume}/files";
    assertThat(get(files, VOLUMES + "ds/files?path=vm1").path("items")).hasSize(2);
    assertThat(get(files, VOLUMES + "ds/files?limit=1").path("complete").asBoolean()).isFalse();
    call("GET", files, VOLUMES + "ds/files?path=none", JSON, "", 404);
    call("GET", files, VOLUMES + "ds/files?limit=0", JSON, "", 400);
    String directories = VOLUMES + "{volume}/directories";
    String wanted = "{\"path\": \"a/b\"}";
    call("POST", directories, VOLUMES + "ds/directories", JSON, wanted, 201);
    call("POST", directories, VOLUMES + "ds/directories", JSON, wanted, 200);
    call("POST", directories, VOLUMES + "none/directories", JSON, wanted, 404);
    refusals("POST", directories, VOLUMES + "ds/directories");
    call("DELETE", file, VOLUMES + "ds/files/a", JSON, "", 409);
    refusals("DELETE", file, VOLUMES + "ds/files/a");
    call("DELETE", file, VOLUMES + "ds/files/a?recursive=true", JSON, "", 204);
    call("DELETE", file, VOLUMES + "ds/files/a", JSON, "", 404);
    String sharing = VOLUMES + "{volume}/sharing";
    String one = VOLUMES + "ds/sharing?a=vm1/vm1-flat.vmdk";
    assertThat(get(sharing, one + "&cells=2").path("cells")).hasSize(2);
    assertThat(get(sharing, one + "&b=vm1/vm1.vmx").path("bytes").path("DIFFERENT").asLong())
        .isEqualTo(4096);
    call("GET", sharing, VOLUMES + "ds/sharing", JSON, "", 400);
    call("GET", sharing, VOLUMES + "ds/sharing?a=none", JSON, "", 404);
  }

  private JsonNode get(String template, String path) throws Exception {
    return call("GET", template, path, JSON, "", 200);
  }

  /** Contents of a file, which are not JSON. */
  private void octets(String template, String path, String range, int status) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(door() + path));
    if (!range.isEmpty()) {
      request.header("Range", range);
    }
    HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(status);
    seen.add("get " + template + " " + status);
  }

  private void changed(String template, String path) throws Exception {
    late("PUT", template, path, "application/octet-stream", "late");
  }

  /** A change of something that somebody else changed meanwhile; nothing happens. */
  private void late(String method, String template, String path, String type, String body)
      throws Exception {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(URI.create(door() + path))
                .header("Content-Type", type)
                .header("If-Match", "\"1-1\"")
                .method(method, BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(412);
    seen.add(method.toLowerCase(Locale.ROOT) + " " + template + " 412");
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void await(Condition condition) throws Exception {
    long deadlineNanos = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.holds()) {
      assertThat(System.nanoTime()).isLessThan(deadlineNanos);
      Thread.sleep(20);
    }
  }

  private String door() {
    return "http://" + FacsimArray.hostAndPort(array.managementAddress().orElseThrow());
  }

  private void virtualMachines() throws Exception {
    JsonNode vms = get("/api/v1/vms");
    assertThat(vms.path("items")).hasSize(1);
    assertThat(vms.path("items").get(0).path("name").asText()).isEqualTo("First");
    call("GET", "/api/v1/vms", "/api/v1/vms?sort=size", JSON, "", 400);
    call("GET", "/api/v1/vms", "/api/v1/vms?since=0&sort=-usedBytes,name", JSON, "", 200);
    String vm = "/api/v1/vms/{volume}/{path}";
    assertThat(get(vm, "/api/v1/vms/ds/vm1").path("files")).hasSize(2);
    call("GET", vm, "/api/v1/vms/ds/none", JSON, "", 404);
    String snapshots = VOLUMES + "{volume}/snapshots";
    String wanted = "{\"name\": \"one\", \"path\": \"vm1\"}";
    call("POST", snapshots, VOLUMES + "ds/snapshots", JSON, wanted, 201);
    call("POST", snapshots, VOLUMES + "ds/snapshots", JSON, wanted, 409);
    call("POST", snapshots, VOLUMES + "none/snapshots", JSON, wanted, 404);
    refusals("POST", snapshots, VOLUMES + "ds/snapshots");
    String restore = VOLUMES + "{volume}/snapshots/{snapshot}/restore";
    String again = "{\"path\": \"vms/again\"}";
    call("POST", restore, VOLUMES + "ds/snapshots/one/restore", JSON, again, 201);
    call("POST", restore, VOLUMES + "ds/snapshots/one/restore", JSON, again, 409);
    call("POST", restore, VOLUMES + "ds/snapshots/none/restore", JSON, again, 404);
    refusals("POST", restore, VOLUMES + "ds/snapshots/one/restore");
    String revert = VOLUMES + "{volume}/snapshots/{snapshot}/revert";
    call("POST", revert, VOLUMES + "ds/snapshots/one/revert", JSON, "", 200);
    call("POST", revert, VOLUMES + "ds/snapshots/none/revert", JSON, "", 404);
    refusals("POST", revert, VOLUMES + "ds/snapshots/one/revert");
    assertThat(get(vm, "/api/v1/vms/ds/vm1").path("snapshots").get(0).path("clones").get(0))
        .hasToString("\"vms/again\"");
    assertThat(get(vm, "/api/v1/vms/ds/vms/again").at("/vm/parent/path").asText()).isEqualTo("vm1");
  }

  private void clones() throws Exception {
    String clones = "/api/v1/clones";
    String order =
        """
        {"source": {"volume": "ds", "path": "%s"}, "destination": {"path": "%s"},
         "profile": "%s"}\
        """;
    String wanted = order.formatted("vm1", "vm3", "sharing");
    String id = call("POST", clones, clones, JSON, wanted, 202).path("id").asText();
    String clone = clones + "/{clone}";
    await(() -> get(clone, clones + "/" + id).path("state").asText().equals("SUCCEEDED"));
    call("POST", clones, clones, JSON, wanted, 409);
    call("POST", clones, clones, JSON, order.formatted("none", "x", "sharing"), 404);
    call("POST", clones, clones, JSON, order.formatted("vm1", "x", "fast"), 400);
    refusals("POST", clones, clones);
    assertThat(get(clones).path("items")).hasSize(1);
    call("GET", clone, clones + "/99", JSON, "", 404);
    call("GET", clone, clones + "/" + id + "?x=1", JSON, "", 400);
    call("GET", clones, clones + "?x=1", JSON, "", 400);
    call("DELETE", clone, clones + "/" + id, JSON, "", 200);
    call("DELETE", clone, clones + "/99", JSON, "", 404);
    refusals("DELETE", clone, clones + "/" + id);
  }

  private void watching() throws Exception {
    String space = "/api/v1/space";
    assertThat(get(space).path("volumes")).hasSize(2);
    call("GET", space, space + "?x=1", JSON, "", 400);
    String ofVolume = VOLUMES + "{volume}/space";
    assertThat(get(ofVolume, VOLUMES + "ds/space").path("vms").asInt()).isPositive();
    call("GET", ofVolume, VOLUMES + "ds/space?x=1", JSON, "", 400);
    call("GET", ofVolume, VOLUMES + "none/space", JSON, "", 404);
    String rates = "/api/v1/statistics/rates";
    await(() -> get(rates).path("items").size() > 0);
    call("GET", rates, rates + "?limit=0", JSON, "", 400);
    String configuration = "/api/v1/configuration";
    assertThat(get(configuration).path("volumes")).hasSize(2);
    call("GET", configuration, configuration + "?x=1", JSON, "", 400);
    String login = "/api/v1/login";
    assertThat(get(login).path("loggedIn").asBoolean()).isTrue();
    call("POST", login, login, JSON, "{\"token\": \"none is needed here\"}", 204);
    refusals("POST", login, login);
    call("DELETE", login, login, JSON, "", 204);
    refusals("DELETE", login, login);
    get("/healthz");
    get("/readyz");
    String changes = "/api/v1/changes";
    call("GET", changes, changes + "?topics=all", JSON, "", 400);
    HttpResponse<java.io.InputStream> endless =
        http.send(
            HttpRequest.newBuilder(URI.create(door() + changes)).build(),
            BodyHandlers.ofInputStream());
    endless.body().close();
    assertThat(endless.statusCode()).isEqualTo(200);
    seen.add("get " + changes + " 200");
  }

  private void jobs() throws Exception {
    array
        .control()
        .profiles()
        .set(
            array.storage().volume("ds").orElseThrow(),
            NamedProfiles.find("copying").orElseThrow());
    JsonNode session =
        call(
            "POST",
            "/vaai/v1/sessions",
            "/vaai/v1/sessions",
            JSON,
            "{\"exportPath\":\"/ds\"}",
            201);
    call(
        "POST",
        "/vaai/v1/sessions/{session}/clones",
        "/vaai/v1/sessions/" + session.path("session").asText() + "/clones",
        JSON,
        "{\"requestId\": 1, \"source\": {\"path\": \"f\"}, \"destination\": {\"path\": \"g\"}}",
        200);
    JsonNode jobs = get("/api/v1/jobs").path("items");
    assertThat(jobs).hasSize(1);
    assertThat(jobs.get(0).path("volume").asText()).isEqualTo("ds");
    String id = jobs.get(0).path("job").path("jobId").asText();
    String job = "/api/v1/jobs/{job}";
    refusals("DELETE", job, "/api/v1/jobs/" + id);
    call("DELETE", job, "/api/v1/jobs/" + id, JSON, "", 200);
    call("DELETE", job, "/api/v1/jobs/99", JSON, "", 404);
  }

  private void explanations() throws Exception {
    JsonNode last = get("/api/v1/explanations").path("items");
    assertThat(last).map(item -> item.path("outcome").asText()).contains("shared");
    String one = "/api/v1/explanation";
    String job = last.get(0).path("jobId").asText();
    JsonNode ofJob = call("GET", one, one + "?job=" + job, JSON, "", 200);
    assertThat(ofJob.path("offloaded").asBoolean()).isTrue();
    assertThat(ofJob.path("subject").asText()).isEqualTo("/ds/g");
    call("GET", one, one + "?path=/ds/g", JSON, "", 200);
    call("GET", one, one + "?path=/ds/f", JSON, "", 200);
    call("GET", one, one + "?path=/ds/none", JSON, "", 404);
    call("GET", one, one + "?job=99", JSON, "", 404);
    call("GET", one, one + "?job=x", JSON, "", 400);
    call("GET", one, one + "?path=/ds", JSON, "", 400);
    call("GET", one, one, JSON, "", 400);
    String metrics =
        http.send(
                HttpRequest.newBuilder(
                        URI.create(
                            "http://"
                                + FacsimArray.hostAndPort(array.managementAddress().orElseThrow())
                                + "/metrics"))
                    .build(),
                BodyHandlers.ofString())
            .body();
    assertThat(metrics)
        .containsPattern("facsim_clones_total\\{.*first_failed=\"none\".*outcome=\"shared\"");
  }

  private void journal() throws Exception {
    String journal = "/api/v1/journal";
    String calls = journal + "/calls";
    call("PUT", journal, journal, JSON, "{\"entries\": 1000}", 200);
    call("PUT", journal, journal, JSON, "{\"entries\": 3}", 400);
    refusals("PUT", journal, journal);
    get(journal);
    get("/api/v1/array");
    assertThat(get(calls).path("items")).isNotEmpty();
    call("GET", calls, calls + "?after=0&limit=1&door=HTTP", JSON, "", 200);
    for (String wrong : List.of("limit=0", "after=x", "procedure=EVIL", "dor=NFS", "since=x")) {
      call("GET", calls, calls + "?" + wrong, JSON, "", 400);
    }
    String verifications = journal + "/verifications";
    String exactly = "{\"calls\": {\"door\": \"HTTP\", \"user\": 3}, \"exactly\": %d}";
    assertThat(post(verifications, exactly.formatted(0)).path("holds").asBoolean()).isTrue();
    assertThat(post(verifications, exactly.formatted(1)).path("nearest")).isNotEmpty();
    post(verifications, "{\"inOrder\": [{\"door\": \"HTTP\"}, {\"door\": \"NFS\"}]}");
    for (String wrong :
        List.of("{}", "{\"exactly\": -1}", "{\"exactly\": 1, \"calls\": {\"path\": []}}")) {
      call("POST", verifications, verifications, JSON, wrong, 400);
    }
    refusals("POST", verifications, verifications);
    call("GET", journal + "/export", journal + "/export", JSON, "", 400);
    call("GET", journal + "/stream", journal + "/stream?after=-1", JSON, "", 400);
    for (String endless : List.of("/export?format=jsonl", "/export?format=pcapng", "/stream")) {
      String template = journal + endless.replaceFirst("\\?.*", "");
      HttpResponse<java.io.InputStream> answer =
          http.send(
              HttpRequest.newBuilder(
                      URI.create(
                          "http://"
                              + FacsimArray.hostAndPort(array.managementAddress().orElseThrow())
                              + journal
                              + endless))
                  .build(),
              BodyHandlers.ofInputStream());
      answer.body().close();
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(
              document
                  .path("paths")
                  .path(template)
                  .path("get")
                  .path("responses")
                  .path("200")
                  .path("content")
                  .has(answer.headers().firstValue("Content-Type").orElse("")))
          .isTrue();
      seen.add("get " + template + " 200");
    }
    call("DELETE", calls, calls, JSON, "", 204);
    refusals("DELETE", calls, calls);
  }

  private JsonNode post(String path, String body) throws Exception {
    return call("POST", path, path, JSON, body, 200);
  }

  private void events() throws Exception {
    String events = "/api/v1/events";
    JsonNode all = get(events);
    assertThat(all.path("items"))
        .map(item -> item.path("type").asText())
        .contains(
            "VolumeCreated", "VolumeDeleted", "JobChanged", "CloneExplained", "SnapshotCreated");
    long last = all.path("lastSequence").asLong();
    assertThat(call("GET", events, events + "?after=" + (last - 1), JSON, "", 200).path("items"))
        .hasSize(1);
    assertThat(
            call("GET", events, events + "?after=" + (last + 1), JSON, "", 200)
                .path("complete")
                .asBoolean())
        .isFalse();
    call("GET", events, events + "?after=-1", JSON, "", 400);
    call("GET", events, events + "?after=x", JSON, "", 400);
  }

  private void states() throws Exception {
    call("POST", STATES, STATES, JSON, "{\"name\": \"a\"}", 201);
    call("POST", STATES, STATES, JSON, "{\"name\": \"b\"}", 201);
    call("POST", STATES, STATES, JSON, "{\"name\": \"a\"}", 409);
    call("POST", STATES, STATES, JSON, "{\"name\": \"a\", \"overwrite\": true}", 201);
    refusals("POST", STATES, STATES);
    assertThat(get(STATES).path("items")).hasSize(2);
    String restore = STATES + "/{state}/restore";
    call("POST", restore, STATES + "/a/restore", JSON, "", 204);
    call("POST", restore, STATES + "/none/restore", JSON, "", 404);
    refusals("POST", restore, STATES + "/a/restore");
    String state = STATES + "/{state}";
    refusals("DELETE", state, STATES + "/b");
    try (StateControl.Hold held = array.control().states().hold("b", "allowed: a reset")) {
      call("DELETE", state, STATES + "/b", JSON, "", 409);
      call("POST", restore, STATES + "/a/restore", JSON, "", 409);
      held.restore();
    }
    call("DELETE", state, STATES + "/b", JSON, "", 204);
    call("DELETE", state, STATES + "/b", JSON, "", 404);
  }

  private void locks(RpcClient rpc) throws Exception {
    assertThat(get("/api/v1/locks").path("items")).hasSize(1);
    String hosts = "/api/v1/locks/hosts";
    assertThat(get(hosts).path("items")).hasSize(1);
    String host = hosts + "/{address}/{name}";
    refusals("DELETE", host, hosts + "/127.0.0.1/esx1");
    call("DELETE", host, hosts + "/127.0.0.1/esx1", JSON, "", 200);
    call("DELETE", host, hosts + "/127.0.0.1/nobody", JSON, "", 404);
    String clients = "/api/v1/locks/clients";
    assertThat(get(clients).path("count").asInt()).isZero();
    assertThat(get("/api/v1/locks/opens").path("items")).isEmpty();
    assertThat(get("/api/v1/locks/delegations").path("items")).isEmpty();
    String client = clients + "/{id}";
    refusals("DELETE", client, clients + "/0123456789abcdef");
    call("DELETE", client, clients + "/0123456789abcdef", JSON, "", 404);
    long id = Nfs4Machine.introduce(rpc, "esx1");
    assertThat(get(clients).path("count").asInt()).isOne();
    call("DELETE", client, clients + "/%016x".formatted(id), JSON, "", 200);
    assertThat(get(clients).path("count").asInt()).isZero();
  }

  private void lab() throws Exception {
    String labPath = "/api/v1/lab";
    List<String> views = List.of("", "/hosts", "/tasks", "/hints", "/causes", "/check", "/shipped");
    for (String view : views) {
      get(labPath + view);
    }
    String commands = labPath + "/hosts/{host}/commands";
    String esx1 = labPath + "/hosts/esx1/commands";
    String argv = "{\"argv\": [\"%s\"]}";
    JsonNode ended = call("POST", commands, esx1, JSON, argv.formatted("ls"), 200);
    String command = commands + "/{command}";
    call("GET", command, esx1 + "/" + ended.path("id").asText(), JSON, "", 200);
    call("GET", command, esx1 + "/99", JSON, "", 404);
    JsonNode slow = call("POST", commands, esx1, JSON, argv.formatted("sleep"), 202);
    call("GET", command, esx1 + "/" + slow.path("id").asText(), JSON, "", 202);
    call("POST", commands, labPath + "/hosts/no/commands", JSON, argv.formatted("ls"), 404);
    call("POST", commands, esx1, JSON, argv.formatted("busy"), 503);
    for (String wrong : List.of("{}", "{\"argv\": []}", "{\"argv\": [null]}", "{\"argv\": [1]}")) {
      call("POST", commands, esx1, JSON, wrong, 400);
    }
    refusals("POST", commands, esx1);
    String answers = labPath + "/answers";
    assertThat(post(answers, "{\"cause\": \"right\"}").path("isRightCause").asBoolean()).isTrue();
    call("POST", answers, answers, JSON, "{\"cause\": \"no\"}", 400);
    call("POST", answers, answers, JSON, "{\"about\": \"vm1\"}", 400);
    refusals("POST", answers, answers);
    String hints = labPath + "/hints";
    post(hints, "");
    call("POST", hints, hints, JSON, "", 409);
    refusals("POST", hints, hints);
    String reset = labPath + "/reset";
    post(reset, "");
    call("POST", reset, reset, JSON, "", 503);
    refusals("POST", reset, reset);
    lab.end();
    for (String view : views) {
      call("GET", labPath + view, labPath + view, JSON, "", 404);
    }
    for (String change : List.of(hints, reset)) {
      call("POST", change, change, JSON, "", 404);
    }
    call("POST", answers, answers, JSON, "{\"cause\": \"right\"}", 404);
  }

  /** A demo that runs as long as the test does. */
  private static final class FakeDemo implements DemoDoor {
    private DemoView view = DemoView.NOT_OFFERED;

    @Override
    public DemoView status() {
      return view;
    }

    @Override
    public DemoView start(long diskSizeBytes) {
      if (!view.isOffered()) {
        throw new LabRefusal(LabRefusal.Kind.NOT_FOUND, "none is offered");
      }
      if (view.state().equals("running")) {
        throw new LabRefusal(LabRefusal.Kind.CONFLICT, "it runs");
      }
      view = new DemoView(true, "running", "demo", "writes", 1, 2, 8, List.of(), null);
      return view;
    }
  }

  private void demo() throws Exception {
    String path = "/api/v1/demo";
    get(path);
    call("POST", path, path, JSON, "{}", 404);
    demo.view = DemoView.idle(true, 8);
    refusals("POST", path, path);
    call("POST", path, path, JSON, "{\"diskSizeBytes\": 1048576}", 202);
    call("POST", path, path, JSON, "{}", 409);
    get(path);
  }

  /** Every list that can be asked for a part of it. */
  private void lists() throws Exception {
    int count = 0;
    for (var path : document.path("paths").properties()) {
      if (path.getValue().path("get").path("parameters").toString().contains("parameters/Fields")) {
        String real = path.getKey().replace("{volume}", "ds");
        call("GET", path.getKey(), real + "?limit=0", JSON, "", 400);
        assertThat(get(path.getKey(), real + "?offset=1000000000").path("items")).isEmpty();
        count++;
      }
    }
    assertThat(count).isGreaterThan(15);
    String profile = VOLUMES + "{volume}/profile";
    late("DELETE", profile, VOLUMES + "ds/profile", JSON, "");
    late("DELETE", VOLUMES + "{volume}/files/{path}", VOLUMES + "ds/files/f", JSON, "");
    late("PUT", "/api/v1/journal", "/api/v1/journal", JSON, "{\"entries\": 10}");
  }

  private void faults() throws Exception {
    String faults = "/api/v1/faults";
    String rules =
        """
        {"rules": [{"name": "n", "match": {"doors": ["nfs"], "procedures": ["WRITE"], "path": "/ds/**",
        "after": {"match": {"doors": ["nlm"]}, "same": "client"}}, "act": {"noAnswer": true},
        "limits": {"probability": 0.5, "lasting": "1h"}, "seed": 7},
        {"match": {"doors": ["http"], "procedures": ["GET /api/v1/array"]}, "act": {"delay": "1ms"}}]}\
        """;
    call("POST", faults, faults, JSON, rules, 201);
    refusals("POST", faults, faults);
    get("/api/v1/array"); // the second rule has a hit
    JsonNode items = get(faults).path("items");
    assertThat(items).hasSize(2);
    assertThat(items.get(1).path("lastHit").path("procedure").asText())
        .isEqualTo("GET /api/v1/array");
    String fault = faults + "/{fault}";
    call("GET", fault, faults + "/1", JSON, "", 200);
    call("GET", fault, faults + "/99", JSON, "", 404);
    call("GET", fault, faults + "/x", JSON, "", 400);
    String resume = fault + "/resume";
    refusals("POST", resume, faults + "/1/resume");
    call("POST", resume, faults + "/1/resume", JSON, "", 200);
    call("POST", resume, faults + "/99/resume", JSON, "", 404);
    late("POST", faults, faults, JSON, rules);
    late("DELETE", fault, faults + "/1", JSON, "");
    late("DELETE", faults, faults, JSON, "");
    late("POST", "/api/v1/fault-presets/{preset}", "/api/v1/fault-presets/apd", JSON, "{}");
    refusals("DELETE", fault, faults + "/1");
    call("DELETE", fault, faults + "/1", JSON, "", 200);
    call("DELETE", fault, faults + "/1", JSON, "", 404);
    refusals("DELETE", faults, faults);
    call("DELETE", faults, faults, JSON, "", 200);
    String presets = "/api/v1/fault-presets";
    assertThat(get(presets).path("items")).hasSizeGreaterThan(7);
    String preset = presets + "/{preset}";
    call("POST", preset, presets + "/apd", JSON, "{\"parameters\": {\"for\": \"1s\"}}", 200);
    refusals("POST", preset, presets + "/apd");
    call("DELETE", faults, faults, JSON, "", 200);
    String away = "{\"parameters\": {\"for\": \"30s\"}}"; // the test is over before
    call("POST", preset, presets + "/takeover", JSON, away, 200);
    call("POST", preset, presets + "/takeover", JSON, away, 409);
    call("GET", "/readyz", "/readyz", JSON, "", 503);
  }
}
