/* SPDX-License-Identifier: Apache-2.0 */
/**
 * An array in a container, for tests: {@link org.facsim.testcontainers.FacsimContainer}. Sees
 * Testcontainers and the array's HTTP door, and nothing of the array's own classes.
 */
package org.facsim.testcontainers;
