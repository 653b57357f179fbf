/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.console;

import java.util.List;
import org.facsim.hypervisor.console.CommandLine.Option;
import org.facsim.hypervisor.datastore.AdvancedSetting;
import org.facsim.hypervisor.datastore.AdvancedSettings;

/** {@code esxcfg-advcfg -g PATH} and {@code -s VALUE PATH}: one advanced setting. */
final class EsxcfgAdvcfg implements Command {
  private static final Option GET = Option.flag("g", "get");
  private static final Option SET = Option.value("s", "set");

  private final AdvancedSettings settings;

  EsxcfgAdvcfg(AdvancedSettings settings) {
    this.settings = settings;
  }

  @Override
  public String run(List<String> arguments) {
    CommandLine line = CommandLine.read(arguments, 1, GET, SET);
    if (line.operands().size() != 1 || line.has(GET) == line.has(SET)) {
      throw new CommandFailure(1, "Usage: esxcfg-advcfg -g PATH | -s VALUE PATH");
    }
    try {
      AdvancedSetting setting = AdvancedSetting.of(line.operands().get(0));
      line.number(SET, 1).ifPresent(value -> settings.set(setting, value));
      String name = setting.path().substring(setting.path().lastIndexOf('/') + 1);
      return "Value of " + name + " is " + settings.get(setting) + "\n";
    } catch (IllegalArgumentException refused) {
      throw new CommandFailure(1, refused.getMessage());
    }
  }
}
