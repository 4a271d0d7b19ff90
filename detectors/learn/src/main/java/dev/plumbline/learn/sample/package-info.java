/** Answers to questions, from a model here or behind an endpoint, resumed where they stopped. */
package dev.plumbline.learn.sample;
