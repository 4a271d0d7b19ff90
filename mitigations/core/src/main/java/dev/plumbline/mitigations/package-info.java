/**
 * Changes to a hidden state along a direction: pure data with a float64 reference, and the receipt
 * that a change happened. The runtime compiles them; this module computes nothing on a device.
 */
package dev.plumbline.mitigations;
