/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.facsim.app.ProfileFile;
import org.facsim.services.offload.ArrayProfile;
import org.facsim.services.offload.NamedProfiles;
import org.facsim.services.offload.ProfileField;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code facsim profiles}: shows the ways in which an array may behave. */
@Command(
    name = "profiles",
    mixinStandardHelpOptions = true,
    versionProvider = FacsimCommand.Version.class,
    description = {
      "Lists the profiles that a volume can have (serve --vaai-profile), or prints one as the YAML"
          + " that such a file may hold, each field with what is allowed.",
      ""
    })
final class ProfilesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME|FILE",
      description = "The profile to print; a file is checked and printed whole.")
  private String profile;

  @Option(names = "--json", description = "The same as JSON, for programs.")
  private boolean isJson;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (isJson) {
      out.println(profile == null ? json() : json(find(profile)));
    } else if (profile == null) {
      NamedProfiles.all()
          .forEach(each -> out.printf("%-16s %s%n", each.name(), each.description()));
    } else {
      print(out, find(profile));
    }
    out.flush();
    return CommandLine.ExitCode.OK;
  }

  private ArrayProfile find(String nameOrFile) {
    try {
      return ProfileFile.find(nameOrFile);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  /** All of them, as lists of the array are. */
  private static ObjectNode json() {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    ArrayNode items = all.putArray("items");
    NamedProfiles.all().forEach(each -> items.add(json(each)));
    return all;
  }

  private static ObjectNode json(ArrayProfile profile) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("name", profile.name()).put("description", profile.description());
    ObjectNode fields = node.putObject("fields");
    for (ProfileField field : ProfileField.values()) {
      fields.put(field.key(), String.valueOf(field.of(profile)));
    }
    return node;
  }

  private static void print(PrintWriter out, ArrayProfile wanted) {
    out.println("name: " + wanted.name());
    out.println("description: '" + wanted.description().replace("'", "''") + "'");
    for (ProfileField field : ProfileField.values()) {
      out.println(field.key() + ": " + field.of(wanted) + "  # " + field.allowed());
    }
  }
}
