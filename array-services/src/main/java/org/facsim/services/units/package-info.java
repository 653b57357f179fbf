/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Quantities as people write them: sizes in bytes, for the command line, configuration files and
 * the HTTP door alike. Sees nothing of the rest of the program.
 */
package org.facsim.services.units;
