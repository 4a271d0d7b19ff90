package dev.plumbline.learn.organism;

import picocli.CommandLine.Command;

/** {@code plumbline organism}: train, verify and show the miniature organism. */
@Command(
    name = "organism",
    description = "Trains, verifies and shows the miniature organism.",
    mixinStandardHelpOptions = true,
    subcommands = {TrainCommand.class, VerifyCommand.class, ShowCommand.class})
final class OrganismCommand {}
