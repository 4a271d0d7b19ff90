package dev.plumbline.learn.organism;

import picocli.CommandLine.Command;

/** {@code plumbline organism}: train, verify and show the miniature organism. */
@Command(
    name = "organism",
    description = "The miniature organism: train it, verify it, show it.",
    mixinStandardHelpOptions = true,
    subcommands = {TrainCommand.class, VerifyCommand.class, ShowCommand.class})
final class OrganismCommand {}
