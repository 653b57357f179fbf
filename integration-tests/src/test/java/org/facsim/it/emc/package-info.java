/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Dell EMC's nfs-client, an NFSv3 client in Java that was not written here and shares no code with
 * ours or oncrpc4j. May see everything.
 */
package org.facsim.it.emc;
