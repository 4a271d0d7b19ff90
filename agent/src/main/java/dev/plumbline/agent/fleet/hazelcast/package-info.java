/** The fleet on Hazelcast: one map of what members say, one of pieces of artefacts. */
package dev.plumbline.agent.fleet.hazelcast;
