/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.facsim.app.scenario.StepReader.Deed;
import org.facsim.app.scenario.StepReader.Reader;
import org.facsim.array.Volume;
import org.facsim.hypervisor.time.SteppedTime;
import org.facsim.management.FaultRuleText;
import org.facsim.services.access.ExportRule;
import org.facsim.services.faults.FaultPresets;
import org.facsim.services.faults.FaultRule;
import org.facsim.services.faults.FaultRules;
import org.facsim.services.offload.ArrayProfile;
import org.facsim.services.units.ByteSize;
import org.facsim.services.units.TimeSpan;

/** What is done to arrays, to mounts, and to time. */
final class ArraySteps {
  /** Presets by which the array goes away. */
  private static final List<String> ABSENCES = List.of("takeover", "array-reboot");

  private ArraySteps() {}

  static void addTo(Map<String, Reader> readers) {
    readers.put("look", ArraySteps::look);
    readers.put("profile", ArraySteps::profile);
    readers.put("export", ArraySteps::export);
    readers.put("resize", ArraySteps::resize);
    readers.put("fault", ArraySteps::fault);
    readers.put("preset", ArraySteps::preset);
    readers.put("clear-faults", ArraySteps::clearFaults);
    readers.put("restart", ArraySteps::restart);
    readers.put("advance", ArraySteps::advance);
    readers.put("mark", ArraySteps::mark);
  }

  private static Deed deed(String words, java.util.function.Consumer<Stage> deed) {
    return new Deed(
        words,
        stage -> {
          deed.accept(stage);
          return Outcome.DONE;
        });
  }

  private static Volume volume(Stage stage, String array, String volume) {
    return stage.array(array).storage().volume(volume).orElseThrow();
  }

  private static Deed look(Names names, YamlNode node) {
    String host = names.host(node);
    String datastore = names.datastore(node, host).orElse(names.firstDatastore(host));
    return deed(
        "%s mounts %s again and asks what the array offers".formatted(host, datastore),
        stage -> {
          var unused = stage.remount(host, datastore).hardwareAcceleration();
        });
  }

  private static Deed profile(Names names, YamlNode node) {
    String array = names.array(node);
    ArrayProfile profile = ProfileNode.read(node.get("profile").orElseThrow());
    Optional<String> volume = names.volume(node, array);
    List<String> volumes =
        volume
            .map(List::of)
            .orElse(List.copyOf(names.site().arrays().get(array).volumes().keySet()));
    return deed(
        "%s behaves as profile %s".formatted(String.join(", ", volumes), profile.name()),
        stage ->
            volumes.forEach(
                each ->
                    stage
                        .array(array)
                        .control()
                        .profiles()
                        .set(volume(stage, array, each), profile)));
  }

  private static Deed export(Names names, YamlNode node) {
    String array = names.array(node);
    String volume = names.volume(node, array).orElseThrow();
    YamlNode text = node.get("rules").orElseThrow();
    List<ExportRule> rules = SiteReader.rules(text);
    return deed(
        "export %s as %s".formatted(volume, text.text()),
        stage -> {
          var unused =
              stage.array(array).control().exports().set(volume(stage, array, volume), rules);
        });
  }

  private static Deed resize(Names names, YamlNode node) {
    String array = names.array(node);
    String volume = names.volume(node, array).orElseThrow();
    Optional<YamlNode> size = node.get("size");
    Optional<YamlNode> free = node.get("free");
    if (size.isPresent() == free.isPresent()) {
      node.wrong("a size and free space, or neither; allowed: one of size, free");
    }
    long bytes = size.or(() -> free).map(YamlNode::bytes).orElse(ByteSize.GIB);
    boolean isFree = free.isPresent();
    return deed(
        isFree
            ? "leave %s free in %s".formatted(ByteSize.format(bytes), volume)
            : "resize %s to %s".formatted(volume, ByteSize.format(bytes)),
        stage -> {
          Volume of = volume(stage, array, volume);
          stage.array(array).storage().awaitReclaim();
          long used = of.space().ofVolume().physicalUsedBytes();
          stage.array(array).control().volumes().resize(of, isFree ? used + bytes : bytes);
        });
  }

  // ---------------------------------------------------------------- faults

  private static Deed fault(Names names, YamlNode node) {
    String array = names.array(node);
    ObjectNode json = node.json().deepCopy();
    json.remove("array");
    FaultRule rule = node.parsed(text -> FaultRuleText.read(json.toString()), null);
    node.text("name").ifPresent(names::faulted);
    JsonNode act = json.path("act");
    return deed(
        "set a fault: %s for %s".formatted(flat(act), flat(json.path("match"))),
        stage -> {
          var unused = stage.array(array).faults().add(rule);
        });
  }

  /** JSON without quotes and outer braces, for people. */
  private static String flat(JsonNode json) {
    String text = json.isMissingNode() ? "all calls" : json.toString();
    return text.replaceAll("[\"{}]", "").replace(":", " ").replace(",", ", ");
  }

  private static Deed preset(Names names, YamlNode node) {
    String array = names.array(node);
    YamlNode name = node.get("name").orElseThrow();
    List<String> known = FaultPresets.all().stream().map(FaultPresets.Preset::name).toList();
    name.parsed(word -> Words.known("preset", word, known), "");
    names.faulted(name.text());
    Map<String, String> parameters = new LinkedHashMap<>();
    node.get("parameters")
        .ifPresent(p -> p.entries().forEach((key, value) -> parameters.put(key, value.text())));
    return deed(
        "apply fault preset " + name.text() + (parameters.isEmpty() ? "" : " " + parameters),
        stage -> {
          FaultRules faults = stage.array(array).faults();
          Runnable deed =
              () -> {
                var unused = faults.preset(name.text(), parameters);
              };
          if (ABSENCES.contains(name.text())) {
            stage.leave(array, deed);
          } else {
            deed.run();
          }
        });
  }

  private static Deed clearFaults(Names names, YamlNode node) {
    List<String> arrays = arrays(names, node);
    return deed(
        "remove all faults",
        stage ->
            arrays.forEach(
                each -> {
                  var unused = stage.array(each).faults().clear();
                }));
  }

  /** The array that a value names, or all if it is {@code true}. */
  private static List<String> arrays(Names names, YamlNode node) {
    if (node.json().isTextual() && node.declared("array", names.site().arrays().keySet())) {
      return List.of(node.text());
    }
    return List.copyOf(names.site().arrays().keySet());
  }

  private static Deed restart(Names names, YamlNode node) {
    List<String> arrays = arrays(names, node);
    return deed(
        "restart " + String.join(", ", arrays),
        stage -> {
          for (String each : arrays) {
            try {
              stage.array(each).restart();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        });
  }

  // ---------------------------------------------------------------- time

  private static Deed advance(Names names, YamlNode node) {
    Duration time = node.parsed(TimeSpan::parse, Duration.ZERO);
    return deed(
        TimeSpan.format(time) + " pass",
        stage -> {
          if (stage.options().time() instanceof SteppedTime stepped) {
            stepped.advance(time);
          }
        });
  }

  private static Deed mark(Names names, YamlNode node) {
    names.marked(node.text());
    return deed("this moment is '" + node.text() + "'", stage -> {});
  }
}
