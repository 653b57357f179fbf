/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.facsim.array.ArrayError;
import org.facsim.services.control.ArrayChange;
import org.facsim.services.control.Visits;
import org.facsim.services.offload.Dialect;
import org.facsim.services.offload.JobState;
import org.facsim.services.offload.Primitive;
import org.facsim.services.offload.ProfileField;
import org.facsim.services.offload.ReservedSpace;
import org.facsim.services.offload.SpaceUse;
import org.facsim.services.state.LockMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The description says what the door does: no path, method, field or constant more or less. */
class OpenApiTest {
  private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete");
  private final JsonNode description = read();

  private static JsonNode read() {
    try (InputStream in = HttpDoor.class.getResourceAsStream("openapi.yaml")) {
      return new YAMLMapper().readTree(in);
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void describesEveryRouteAndNoOther() {
    Set<String> described = new TreeSet<>();
    description
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        method -> {
                          if (METHODS.contains(method)) {
                            described.add(method + " " + path.getKey());
                          }
                        }));
    Vertx vertx = Vertx.vertx();
    try {
      Workers workers = new Workers();
      Router router =
          new DoorRoutes(
                  vertx,
                  workers,
                  new Connections(1, 1),
                  null,
                  new Visits(),
                  null,
                  new OpenAnswers(vertx, new AcceptLimit(1)),
                  new Ticker(vertx, workers, null, new Visits()),
                  HttpDoor.Beside.NOTHING,
                  new HostCommands(LabDoor.NONE, java.time.Duration.ZERO),
                  ShownConfiguration.NONE,
                  new DoorAccess(java.util.Optional.empty(), false, java.time.Instant::now))
              .router();
      Set<String> routed = new TreeSet<>();
      for (Route route : router.getRoutes()) {
        if (route.methods() != null) {
          assertThat(route.methods().contains(HttpMethod.HEAD))
              .as("HEAD wherever GET is: %s", route.getName())
              .isEqualTo(route.methods().contains(HttpMethod.GET));
          route.methods().stream()
              .filter(method -> !method.equals(HttpMethod.HEAD))
              .forEach(
                  method ->
                      routed.add(
                          method.name().toLowerCase(Locale.ROOT)
                              + " "
                              + route
                                  .getName()
                                  .replaceAll(":(\\w+)", "{$1}")
                                  .replaceAll("/$", "/{path}")));
        }
      }
      assertThat(described).isEqualTo(routed).hasSizeGreaterThan(15);
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "SessionRequest, org.facsim.management.VaaiJson$SessionBody",
    "Session, org.facsim.management.VaaiJson$SessionJson",
    "Support, org.facsim.management.VaaiJson$SupportJson",
    "File, org.facsim.management.VaaiJson$FileJson",
    "CloneRequest, org.facsim.management.VaaiJson$CloneBody",
    "Job, org.facsim.management.VaaiJson$JobJson",
    "ReserveRequest, org.facsim.management.VaaiJson$ReserveBody",
    "UnmapGranularityRequest, org.facsim.management.VaaiJson$UnmapGranularityBody",
    "UnmapGranularity, org.facsim.services.offload.UnmapGranularity",
    "UnmapRequest, org.facsim.management.VaaiJson$UnmapBody",
    "Range, org.facsim.management.VaaiJson$RangeJson",
    "Unmapped, org.facsim.services.offload.UnmappedSpace",
    "StatisticsRequest, org.facsim.management.VaaiJson$StatisticsBody",
    "Profile, org.facsim.management.ArrayJson$ProfileJson",
    "ProfileRequest, org.facsim.management.ArrayJson$ProfileRequest",
    "VolumeRequest, org.facsim.management.VolumeRoutes$VolumeRequest",
    "ResizeRequest, org.facsim.management.VolumeRoutes$ResizeRequest",
    "Snapshot, org.facsim.management.VolumeRoutes$SnapshotJson",
    "SnapshotRequest, org.facsim.management.VolumeRoutes$SnapshotRequest",
    "SnapshotRestoreRequest, org.facsim.management.VolumeRoutes$SnapshotRestoreRequest",
    "Vms, org.facsim.management.VmRoutes$VmsJson",
    "Vm, org.facsim.services.control.vm.Vm",
    "VmSpace, org.facsim.services.control.vm.VmSpace",
    "VmRates, org.facsim.services.control.vm.VmRates",
    "VmParent, org.facsim.services.control.vm.VmParent",
    "VmDetail, org.facsim.services.control.vm.VmDetail",
    "VmFile, org.facsim.services.control.vm.VmFile",
    "VmDisk, org.facsim.services.control.vm.VmDisk",
    "VmSnapshot, org.facsim.services.control.vm.VmSnapshot",
    "TreeLedger, org.facsim.array.TreeSpace",
    "FileEntry, org.facsim.management.FileRoutes$FileEntryJson",
    "Files, org.facsim.management.FileRoutes$FilesJson",
    "DirectoryRequest, org.facsim.management.FileRoutes$DirectoryRequest",
    "Sharing, org.facsim.management.FileRoutes$SharingJson",
    "SharedRange, org.facsim.services.control.SharedRange",
    "SpaceUse, org.facsim.services.control.CapacityReport$Use",
    "VolumeCapacity, org.facsim.services.control.CapacityReport$OfVolume",
    "Capacity, org.facsim.management.SpaceRoutes$CapacityJson",
    "Sample, org.facsim.management.SpaceRoutes$SampleJson",
    "Rates, org.facsim.management.SpaceRoutes$RatesJson",
    "Place, org.facsim.management.CloneRoutes$PlaceJson",
    "CloneOrder, org.facsim.management.CloneRoutes$CloneRequestJson",
    "Clone, org.facsim.management.CloneRoutes$CloneJson",
    "Configuration, org.facsim.management.ConfigurationRoutes$ConfigurationJson",
    "SecuritySettings, org.facsim.management.ConfigurationRoutes$SecurityJson",
    "VolumeSettings, org.facsim.management.ConfigurationRoutes$VolumeSettingsJson",
    "Setting, org.facsim.management.ShownConfiguration$Setting",
    "LoginRequest, org.facsim.management.LoginRoutes$LoginRequest",
    "Login, org.facsim.management.LoginRoutes$LoginJson",
    "Health, org.facsim.management.HealthRoutes$HealthJson",
    "Jobs, org.facsim.management.JobRoutes$JobsJson",
    "ListedJob, org.facsim.management.JobRoutes$ListedJobJson",
    "Journal, org.facsim.management.JournalJson$StatusJson",
    "JournalRequest, org.facsim.management.JournalJson$SizeRequest",
    "Calls, org.facsim.management.JournalJson$CallsJson",
    "Call, org.facsim.management.JournalJson$CallJson",
    "VerificationRequest, org.facsim.management.JournalJson$VerifyRequest",
    "Verification, org.facsim.management.JournalJson$ResultJson",
    "NearCall, org.facsim.management.JournalJson$NearJson",
    "Events, org.facsim.management.EventRoutes$EventsJson",
    "Event, org.facsim.management.EventRoutes$EventJson",
    "Exports, org.facsim.management.ExportRoutes$ExportsJson",
    "ExportsRequest, org.facsim.management.ExportRoutes$ExportsRequest",
    "ListedExports, org.facsim.management.ExportRoutes$ListedExportsJson",
    "ArraySpace, org.facsim.array.ArraySpace",
    "Volume, org.facsim.management.ArrayJson$VolumeJson",
    "VolumeSpace, org.facsim.array.VolumeSpace",
    "State, org.facsim.management.ArrayJson$StateJson",
    "VaaiStatisticsItem, org.facsim.management.ArrayJson$VaaiStatisticsJson",
    "CallStatisticsItem, org.facsim.management.ArrayJson$CallsJson",
    "Latency, org.facsim.management.ArrayJson$LatencyJson",
    "LockHost, org.facsim.management.LockRoutes$LockHostJson",
    "Locks, org.facsim.management.LockRoutes$LocksJson",
    "Lock, org.facsim.management.LockRoutes$LockJson",
    "ReleasedLocks, org.facsim.management.LockRoutes$ReleasedJson",
    "Explanation, org.facsim.management.ExplanationRoutes$ExplanationJson",
    "Finding, org.facsim.management.ExplanationRoutes$FindingJson",
    "CloneCost, org.facsim.management.ExplanationRoutes$CostJson",
    "NotedLedger, org.facsim.management.ExplanationRoutes$NotedJson",
    "CloneMoved, org.facsim.services.explain.Explanation$Moved",
    "FileLedger, org.facsim.array.FileSpace",
    "StateRequest, org.facsim.management.ArrayJson$StateRequest",
    "LabStatus, org.facsim.management.LabView$Status",
    "LabHost, org.facsim.management.LabView$Host",
    "LabDatastore, org.facsim.management.LabView$DatastoreRow",
    "LabVm, org.facsim.management.LabView$VmRow",
    "HostCommandRequest, org.facsim.management.LabRoutes$CommandRequest",
    "HostCommand, org.facsim.management.LabRoutes$CommandJson",
    "HostTask, org.facsim.management.LabView$Task",
    "LabHint, org.facsim.management.LabView$Hint",
    "LabHints, org.facsim.management.LabView$Hints",
    "LabCause, org.facsim.management.LabView$Cause",
    "LabCauses, org.facsim.management.LabView$Causes",
    "LabAnswerRequest, org.facsim.management.LabRoutes$AnswerRequest",
    "LabAnswer, org.facsim.management.LabView$Answered",
    "LabCheck, org.facsim.management.LabView$Check",
    "LabCheckPart, org.facsim.management.LabView$Part",
    "LabReset, org.facsim.management.LabView$Reset",
    "ShippedLab, org.facsim.management.LabView$Incident",
    "FaultRulesRequest, org.facsim.management.FaultJson$RulesRequest",
    "FaultRule, org.facsim.management.FaultJson$RuleJson",
    "FaultMatch, org.facsim.management.FaultJson$MatchJson",
    "FaultAfter, org.facsim.management.FaultJson$AfterJson",
    "FaultLimits, org.facsim.management.FaultJson$LimitsJson",
    "FaultAct, org.facsim.management.FaultJson$ActJson",
    "FaultAttributes, org.facsim.management.FaultJson$AttributesJson",
    "FaultMistake, org.facsim.management.FaultJson$MistakeJson",
    "FaultPowerFailure, org.facsim.management.FaultJson$PowerFailureJson",
    "FaultCloneJob, org.facsim.management.FaultJson$CloneJobJson",
    "InstalledFaultRule, org.facsim.management.FaultJson$InstalledJson",
    "FaultHit, org.facsim.management.FaultJson$HitJson",
    "FaultRules, org.facsim.management.FaultJson$RulesJson",
    "RemovedFaultRules, org.facsim.management.FaultJson$RemovedJson",
    "FaultPreset, org.facsim.management.FaultJson$PresetJson",
    "FaultParameter, org.facsim.management.FaultJson$ParameterJson",
    "FaultPresetRequest, org.facsim.management.FaultJson$PresetRequest",
  })
  void describesTheFieldsOfEveryBody(String schema, String record) throws Exception {
    assertFields(schema, Class.forName(record));
  }

  @Test
  void describesTheMessagesThatAreSentAsTheyAre() {
    assertFields("Reserved", ReservedSpace.class);
    assertFields("FileSpace", SpaceUse.class);
  }

  @Test
  void describesEveryChangeAndItsFields() {
    Set<String> types = new TreeSet<>();
    Set<String> fields = new TreeSet<>();
    for (Class<?> change : ArrayChange.class.getPermittedSubclasses()) {
      types.add(change.getSimpleName());
      for (RecordComponent field : change.getRecordComponents()) {
        fields.add(field.getName());
      }
    }
    assertThat(constants(schema("Event").path("properties").path("type"))).isEqualTo(types);
    Set<String> described = new TreeSet<>();
    schema("Change").path("properties").fieldNames().forEachRemaining(described::add);
    assertThat(described).isEqualTo(fields);
    for (String field : List.of("from", "to")) {
      assertThat(constants(schema("Change").path("properties").path(field)))
          .isEqualTo(names(JobState.values()));
    }
  }

  private void assertFields(String schema, Class<?> record) {
    Set<String> described = new TreeSet<>();
    schema(schema).path("properties").fieldNames().forEachRemaining(described::add);
    assertThat(described)
        .as(schema)
        .isEqualTo(
            Arrays.stream(record.getRecordComponents())
                .map(RecordComponent::getName)
                .collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void namesEveryConstant() {
    assertThat(constants(schema("Job").path("properties").path("state")))
        .isEqualTo(names(JobState.values()));
    assertThat(constants(schema("Lock").path("properties").path("mode")))
        .isEqualTo(names(LockMode.values()));
    assertThat(constants(schema("Problem").path("properties").path("arrayError")))
        .isEqualTo(names(ArrayError.values()));
    JsonNode primitive =
        description
            .path("paths")
            .path("/vaai/v1/sessions/{session}/support/{primitive}")
            .path("get")
            .path("parameters")
            .get(1)
            .path("schema");
    assertThat(constants(primitive)).isEqualTo(names(Primitive.values()));
  }

  @Test
  void describesTheFieldsOfProfilesAndTheirTypes() {
    JsonNode properties = schema("ProfileFields").path("properties");
    Set<String> described = new TreeSet<>();
    properties.fieldNames().forEachRemaining(described::add);
    Set<String> keys = new TreeSet<>();
    for (ProfileField field : ProfileField.values()) {
      keys.add(field.key());
      JsonNode property = properties.path(field.key());
      String types =
          property.has("oneOf")
              ? String.join(" or ", property.path("oneOf").findValuesAsText("type"))
              : property.path("type").asText();
      assertThat(types)
          .as(field.key())
          .isEqualTo(
              switch (field.kind()) {
                case WORD -> "string";
                case FLAG -> "boolean";
                case NUMBER -> "integer";
                case BYTES -> "integer or string";
                case LIST -> "array";
              });
    }
    assertThat(described).isEqualTo(keys);
    assertThat(constants(properties.path("dialects").path("items")))
        .isEqualTo(Dialect.ofVaai().stream().map(Dialect::label).collect(Collectors.toSet()));
  }

  private JsonNode schema(String name) {
    return description.path("components").path("schemas").path(name);
  }

  private static Set<String> constants(JsonNode schema) {
    Set<String> constants = new TreeSet<>();
    schema.path("enum").forEach(constant -> constants.add(constant.asText()));
    return constants;
  }

  private static Set<String> names(Enum<?>[] constants) {
    return Arrays.stream(constants).map(Enum::name).collect(Collectors.toCollection(TreeSet::new));
  }
}
