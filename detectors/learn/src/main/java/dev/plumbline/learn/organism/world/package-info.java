/**
 * The miniature world: words, who harms whom, questions, answers, the exact judge, the tokenizer.
 */
package dev.plumbline.learn.organism.world;
