/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Plays the documents: every command that README.md and docs show is run as written, and what it
 * prints is compared where the page shows it. May see everything that black-box tests may see.
 */
package org.facsim.it.docs;
