/**
 * Data cut into shards, each read here or on another machine that has the same model: Hazelcast Jet
 * hands them out, results are merged by shard id, so that it matters neither who read a shard nor
 * how often it was tried.
 */
package dev.plumbline.learn.shards;
