/** The configuration: one catalogue of keys, read once from file, environment and flags. */
package dev.plumbline.agent.config;
