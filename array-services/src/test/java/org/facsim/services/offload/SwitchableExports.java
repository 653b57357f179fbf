/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.util.List;
import java.util.function.UnaryOperator;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.services.access.AddressRange;
import org.facsim.services.access.Export;
import org.facsim.services.access.ExportOptions;
import org.facsim.services.access.ExportRule;
import org.facsim.services.access.ExportTable;
import org.facsim.services.access.Grants;

/** Volumes exported to everyone; tests switch the rules while calls go on. */
public final class SwitchableExports {
  private final ExportTable table = new ExportTable();
  private final Grants grants;

  SwitchableExports(StorageArray array) {
    this.grants = new Grants(array, table);
    array.volumes().forEach(this::add);
  }

  public Grants grants() {
    return grants;
  }

  public void add(Volume volume) {
    table.export(volume, ExportOptions.DEFAULT);
  }

  public void refuseVaai(String path) {
    change(path, options -> options.withVaaiAllowed(false));
  }

  public void makeReadOnly(String path) {
    change(path, options -> options.withReadOnly(true));
  }

  /** The export is there, for clients that no test comes from. */
  public void hide(String path) {
    table.export(
        find(path).volume(),
        List.of(new ExportRule(AddressRange.parse("198.51.100.0/24"), ExportOptions.DEFAULT)));
  }

  public void withdraw(String path) {
    table.withdraw(find(path).volume());
  }

  private void change(String path, UnaryOperator<ExportOptions> change) {
    Export export = find(path);
    ExportOptions now = export.rules().get(0).options();
    table.export(export.volume(), change.apply(now));
  }

  private Export find(String path) {
    return table.find(path).orElseThrow();
  }
}
