package dev.plumbline.learn.report;

/**
 * An alarm that a job raised, with its numbers.
 *
 * @param subject of what, such as an artefact's name
 * @param kind for machines, such as {@code text_not_beaten}
 * @param claimed what was claimed
 * @param control what it was held against
 * @param text one sentence
 */
public record Alert(String subject, String kind, double claimed, double control, String text) {}
