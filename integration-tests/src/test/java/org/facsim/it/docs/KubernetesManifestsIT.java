/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.facsim.it.FacsimServer;
import org.facsim.it.Processes;
import org.facsim.it.Processes.Outcome;
import org.junit.jupiter.api.Test;

/** The manifests of examples/kubernetes, as far as they can be tried without a cluster. */
class KubernetesManifestsIT {
  private static final Path FOLDER = Path.of("..", "examples", "kubernetes");
  private static final Map<String, Class<?>> KINDS =
      Map.of(
          "Service", Service.class,
          "StatefulSet", StatefulSet.class,
          "NetworkPolicy", NetworkPolicy.class,
          "StorageClass", StorageClass.class,
          "PersistentVolumeClaim", PersistentVolumeClaim.class);

  /** Refuses what the API does not know, which its classes would keep as further properties. */
  private static final YAMLMapper STRICT =
      YAMLMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .annotationIntrospector(
              new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1;

                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                  return false;
                }
              })
          .build();

  private static List<Object> read(String file) throws IOException {
    List<Object> objects = new ArrayList<>();
    try (MappingIterator<JsonNode> documents =
        STRICT.readerFor(JsonNode.class).readValues(FOLDER.resolve(file).toFile())) {
      for (JsonNode document : documents.readAll()) {
        Class<?> kind = KINDS.get(document.get("kind").asText());
        assertThat(kind).as(document.get("kind").asText()).isNotNull();
        objects.add(STRICT.treeToValue(document, kind));
      }
    }
    return objects;
  }

  private static <T> T the(Class<T> kind, String file) throws IOException {
    return read(file).stream().filter(kind::isInstance).map(kind::cast).findFirst().orElseThrow();
  }

  private static PodSpec pod() throws IOException {
    return the(StatefulSet.class, "facsim.yaml").getSpec().getTemplate().getSpec();
  }

  @Test
  void everyFieldIsOneOfTheApi() throws IOException {
    assertThat(read("facsim.yaml")).hasSize(3);
    assertThat(read("csi-driver-nfs.yaml")).hasSize(2);
  }

  @Test
  void thePodHasNoPrivilegeAtAll() throws IOException {
    PodSpec pod = pod();
    assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(pod.getSecurityContext().getRunAsUser()).isEqualTo(10001);
    assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
    Container container = pod.getContainers().get(0);
    assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
    assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
    assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
    assertThat(container.getSecurityContext().getCapabilities().getAdd()).isEmpty();
  }

  @Test
  void namesOfTheManifestFitEachOther() throws IOException {
    StatefulSet set = the(StatefulSet.class, "facsim.yaml");
    Service service = the(Service.class, "facsim.yaml");
    Map<String, String> labels = set.getSpec().getTemplate().getMetadata().getLabels();
    assertThat(labels).containsAllEntriesOf(service.getSpec().getSelector());
    assertThat(labels).containsAllEntriesOf(set.getSpec().getSelector().getMatchLabels());
    assertThat(set.getSpec().getServiceName()).isEqualTo(service.getMetadata().getName());
    Container container = pod().getContainers().get(0);
    List<String> ports = container.getPorts().stream().map(ContainerPort::getName).toList();
    for (ServicePort port : service.getSpec().getPorts()) {
      assertThat(ports).contains(port.getTargetPort().getStrVal());
    }
    List<String> volumes =
        Stream.concat(
                pod().getVolumes().stream().map(Volume::getName),
                set.getSpec().getVolumeClaimTemplates().stream()
                    .map(claim -> claim.getMetadata().getName()))
            .toList();
    assertThat(container.getVolumeMounts().stream().map(VolumeMount::getName))
        .containsExactlyInAnyOrderElementsOf(volumes);
  }

  /** In the environment of the image and of the manifest, with the manifest's arguments. */
  @Test
  void theProgramTakesTheArguments() throws IOException {
    Container container = pod().getContainers().get(0);
    List<String> command = new ArrayList<>(List.of("env"));
    for (EnvVar variable : container.getEnv()) {
      boolean isSecret = variable.getValueFrom() != null;
      command.add(variable.getName() + "=" + (isSecret ? "0123456789abcdef" : variable.getValue()));
    }
    command.add(Processes.launcher().toString());
    command.addAll(List.of("config", "show"));
    List<String> arguments = container.getArgs();
    assertThat(arguments.get(0)).isEqualTo("serve");
    command.addAll(arguments.subList(1, arguments.size()));
    Outcome outcome = Processes.run(command);
    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    assertThat(outcome.out()).contains("/data/array", "0.0.0.0", "facsim.default.svc");
  }

  @Test
  void aServedArrayAnswersTheProbes() throws IOException, InterruptedException {
    Container container = pod().getContainers().get(0);
    try (FacsimServer server = FacsimServer.start("--http-port", "0")) {
      for (Probe probe :
          List.of(
              container.getStartupProbe(),
              container.getReadinessProbe(),
              container.getLivenessProbe())) {
        String path = probe.getHttpGet().getPath();
        HttpRequest request =
            HttpRequest.newBuilder(URI.create("http://" + server.httpAddress() + path)).build();
        assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).statusCode())
            .as(path)
            .isEqualTo(200);
      }
    }
  }

  @Test
  void theStorageClassMountsAsTheLinuxClientOfTheTestsDoes() throws IOException {
    StorageClass storage = the(StorageClass.class, "csi-driver-nfs.yaml");
    assertThat(storage.getMountOptions())
        .contains("nfsvers=3", "nolock", "mountproto=tcp", "port=2049", "mountport=2049");
    assertThat(storage.getParameters()).containsEntry("share", "/datastore1");
    PersistentVolumeClaim claim = the(PersistentVolumeClaim.class, "csi-driver-nfs.yaml");
    assertThat(claim.getSpec().getStorageClassName()).isEqualTo(storage.getMetadata().getName());
  }
}
