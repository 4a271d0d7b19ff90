/**
 * What agents share, and the rules by which each of them judges what others say. Pure: no
 * Hazelcast; drawn in FLEET.md.
 */
package dev.plumbline.agent.fleet;
