/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.console;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.facsim.hypervisor.console.CommandLine.Option;
import org.facsim.hypervisor.datastore.AdvancedSetting;
import org.facsim.hypervisor.datastore.AdvancedSettings;

/** {@code esxcli system settings advanced ...}. */
final class EsxcliSettings {
  private static final Option OPTION = Option.value("o", "option");
  private static final Option DELTA = Option.flag("d", "delta");
  private static final Option INT_VALUE = Option.value("i", "int-value");
  private static final Option DEFAULT = Option.flag("d", "default");

  private final AdvancedSettings settings;

  EsxcliSettings(AdvancedSettings settings) {
    this.settings = settings;
  }

  String list(List<String> arguments) {
    CommandLine line = CommandLine.read(arguments, 1, OPTION, DELTA).withoutOperands(1);
    if (line.has(OPTION)) {
      return shown(setting(line.required(OPTION)));
    }
    return Arrays.stream(AdvancedSetting.values())
        .filter(each -> !line.has(DELTA) || settings.get(each) != each.defaultValue())
        .map(this::shown)
        .collect(Collectors.joining("\n"));
  }

  private String shown(AdvancedSetting setting) {
    return "   Path: "
        + setting.path()
        + "\n   Type: "
        + setting.type()
        + "\n   Int Value: "
        + settings.get(setting)
        + "\n   Default Int Value: "
        + setting.defaultValue()
        + "\n   Min Value: "
        + setting.minValue()
        + "\n   Max Value: "
        + setting.maxValue()
        + "\n   String Value:\n   Default String Value:\n   Valid Characters:\n   Description: "
        + setting.description()
        + "\n";
  }

  String set(List<String> arguments) {
    CommandLine line =
        CommandLine.read(arguments, 1, OPTION, INT_VALUE, DEFAULT).withoutOperands(1);
    AdvancedSetting setting = setting(line.required(OPTION));
    if (line.has(INT_VALUE) == line.has(DEFAULT)) {
      throw new CommandFailure(
          1, "Error: Missing required parameter -i|--int-value, or -d|--default in its place");
    }
    long value = line.number(INT_VALUE, 1).orElse(setting.defaultValue());
    try {
      settings.set(setting, value);
      return "";
    } catch (IllegalArgumentException refused) {
      throw new CommandFailure(1, "Unable to set: " + refused.getMessage());
    }
  }

  private static AdvancedSetting setting(String path) {
    try {
      return AdvancedSetting.of(path);
    } catch (IllegalArgumentException unknown) {
      throw new CommandFailure(1, "Unable to find option: " + unknown.getMessage());
    }
  }
}
