/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The program around an array: what command line, demo and HTTP door share. May see every module.
 */
package org.facsim.app;
