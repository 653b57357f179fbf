/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Scenarios: what happens on hosts and arrays, as files that can be run.
 *
 * <ul>
 *   <li>{@link org.facsim.app.scenario.YamlFile} reads a file so that every value knows its line,
 *       {@link org.facsim.app.scenario.FileSchema} checks it, and {@link
 *       org.facsim.app.scenario.SiteReader} reads arrays, hosts and VMs ({@link
 *       org.facsim.app.scenario.Site}).
 *   <li>{@link org.facsim.app.scenario.Stage} builds a site; labs do, too.
 * </ul>
 */
package org.facsim.app.scenario;
