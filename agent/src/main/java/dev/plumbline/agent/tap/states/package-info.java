/**
 * Taps that have the origin itself hand over hidden states: the port, the states, and their score.
 */
package dev.plumbline.agent.tap.states;
