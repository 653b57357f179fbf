/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The program around an array: what the command line, the demo and the HTTP door share. May see
 * every module.
 */
package org.facsim.app;
