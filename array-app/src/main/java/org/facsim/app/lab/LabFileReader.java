/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.facsim.app.lab.LabFile.Begin;
import org.facsim.app.lab.LabFile.Hint;
import org.facsim.app.lab.LabFile.Incident;
import org.facsim.app.scenario.FileProblem;
import org.facsim.app.scenario.FileSchema;
import org.facsim.app.scenario.Site;
import org.facsim.app.scenario.SiteReader;
import org.facsim.app.scenario.WrongFileException;
import org.facsim.app.scenario.YamlFile;
import org.facsim.app.scenario.YamlNode;
import org.facsim.services.units.ByteSize;
import org.facsim.services.units.TimeSpan;

/**
 * Reads lab files. A file is parsed twice: first as it is, for its section {@code vary}; then with
 * the drawn names and numbers in it, line by line as before, so that problems have the lines of the
 * file.
 */
final class LabFileReader {
  private static final FileSchema SCHEMA = FileSchema.of("/org/facsim/app/lab/lab.schema.json");
  private static final Pattern SPACES = Pattern.compile("\\s+");
  private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|\\S+");
  private static final Duration PAR = Duration.ofMinutes(10);

  private LabFileReader() {}

  /**
   * Reads a lab.
   *
   * @param name of the lab
   * @param file by which problems name the file
   * @throws WrongFileException which names everything that is wrong, with line and column
   */
  static LabFile read(String name, String file, String yaml, long seed) throws WrongFileException {
    YamlFile raw = YamlFile.parse(yaml, file);
    Optional<YamlNode> vary = raw.root().get("vary");
    Draws draws = Draws.of(vary.map(YamlNode::entries).orElse(Map.of()), seed);
    raw.requireFlawless();
    String drawn = draws.in(yaml);
    requireDrawn(file, drawn, draws);
    YamlFile yamlFile = YamlFile.parse(drawn, file);
    SCHEMA.check(yamlFile);
    YamlNode root = yamlFile.root();
    Site site = SiteReader.read(root);
    LabFile lab =
        new LabFile(
            name,
            text(root, "title"),
            text(root, "text"),
            seed,
            site,
            workload(root),
            begin(root),
            root.get("incident").map(node -> incident(node, root, site)));
    yamlFile.requireFlawless();
    return lab;
  }

  private static void requireDrawn(String file, String drawn, Draws draws)
      throws WrongFileException {
    List<FileProblem> problems = new ArrayList<>();
    List<String> lines = drawn.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String unknown = draws.unknown(lines.get(i));
      if (unknown != null && !lines.get(i).stripLeading().startsWith("#")) {
        problems.add(
            new FileProblem(
                file,
                i + 1,
                lines.get(i).indexOf(unknown) + 1,
                unknown
                    + " is not drawn; allowed: "
                    + (draws.names().isEmpty()
                        ? "names of a section 'vary'"
                        : String.join(", ", draws.names()))));
      }
    }
    if (!problems.isEmpty()) {
      throw new WrongFileException(problems);
    }
  }

  private static String text(YamlNode node, String key) {
    return node.text(key).orElse("");
  }

  private static Map<String, String> workload(YamlNode root) {
    Map<String, String> workload = new LinkedHashMap<>();
    root.get("workload")
        .ifPresent(
            section ->
                section
                    .entries()
                    .forEach(
                        (glob, profile) -> {
                          profile.parsed(LabGuests::profile, Optional.empty());
                          workload.put(glob, profile.text());
                        }));
    return workload;
  }

  private static List<String> texts(YamlNode node, String key) {
    return node.get(key)
        .map(list -> list.elements().stream().map(YamlNode::text).toList())
        .orElse(List.of());
  }

  private static List<Begin> begin(YamlNode root) {
    return root
        .get("incident")
        .flatMap(incident -> incident.get("begin"))
        .map(YamlNode::elements)
        .orElse(List.of())
        .stream()
        .map(
            node -> {
              Begin begin = new Begin(node.line(), words(node.text()));
              Optional<String> wrong = Beginning.problemOf(begin);
              wrong.ifPresent(node::wrong);
              return begin;
            })
        .toList();
  }

  /** The words of a command line; what is between single or double quotes is one word. */
  static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(line);
    while (word.find()) {
      words.add(
          word.group(1) != null
              ? word.group(1)
              : word.group(2) != null ? word.group(2) : word.group());
    }
    return words;
  }

  private static Incident incident(YamlNode node, YamlNode root, Site site) {
    Cause cause =
        node.get("cause")
            .map(c -> c.parsed(LabFileReader::cause, Cause.VSS_SIBLINGS))
            .orElse(Cause.VSS_SIBLINGS);
    String about = text(node, "about");
    node.get("about").ifPresent(a -> a.declared("host, VM or volume", subjects(site)));
    Optional<YamlNode> solution = root.get("solution");
    Function<String, Optional<YamlNode>> part = key -> solution.flatMap(s -> s.get(key));
    Map<String, List<String>> wrong = new LinkedHashMap<>();
    part.apply("wrong")
        .ifPresent(
            section ->
                section
                    .entries()
                    .forEach(
                        (name, lines) ->
                            wrong.put(
                                name, lines.elements().stream().map(YamlNode::text).toList())));
    return new Incident(
        cause,
        about,
        part.apply("par").map(p -> p.parsed(TimeSpan::parse, PAR)).orElse(PAR),
        part.apply("downtime")
            .map(d -> d.parsed(TimeSpan::parse, Duration.ZERO))
            .orElse(Duration.ZERO),
        part.apply("bytes").map(YamlNode::bytes).orElse(0L),
        root.get("hints")
            .map(list -> list.elements().stream().map(LabFileReader::hint).toList())
            .orElse(List.of()),
        part.apply("holds")
            .map(list -> list.elements().stream().map(LabFileReader::wanted).toList())
            .orElse(List.of()),
        solution.map(s -> texts(s, "may-change")).orElse(List.of()),
        solution.map(s -> texts(s, "steps")).orElse(List.of()),
        wrong);
  }

  /** The hosts, VMs and volumes of a site, which an answer may be about. */
  static List<String> subjects(Site site) {
    List<String> names = new ArrayList<>(site.hosts().keySet());
    site.arrays().values().forEach(array -> names.addAll(array.volumes().keySet()));
    names.addAll(site.virtualMachines().keySet());
    return names;
  }

  private static Cause cause(String label) {
    return Cause.find(label)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "cause '"
                        + label
                        + "'; allowed: "
                        + Arrays.stream(Cause.values())
                            .map(Cause::label)
                            .collect(Collectors.joining(", "))));
  }

  private static Hint hint(YamlNode node) {
    return new Hint(
        (int) node.number("cost", 0), SPACES.matcher(text(node, "text").strip()).replaceAll(" "));
  }

  private static Wanted wanted(YamlNode node) {
    String fact = text(node, "fact");
    String words = node.text("words").orElse(fact);
    Wanted found = null;
    int count = 0;
    for (Wanted.Kind kind : Wanted.Kind.values()) {
      Optional<YamlNode> value = node.get(kind.label());
      if (value.isPresent()) {
        count++;
        boolean isNumber = kind == Wanted.Kind.AT_LEAST || kind == Wanted.Kind.AT_MOST;
        String text = isNumber ? Long.toString(sizeOf(value.get())) : value.get().text();
        found = new Wanted(fact, kind, text, words);
      }
    }
    if (count != 1) {
      node.wrong(count + " comparisons; allowed: one of is, is-not, at-least, at-most, gone");
      return new Wanted(fact, Wanted.Kind.GONE, "", words);
    }
    return found;
  }

  private static long sizeOf(YamlNode node) {
    return node.parsed(
        text -> text.matches("\\d+") ? Long.parseLong(text) : ByteSize.parse(text), 0L);
  }
}
