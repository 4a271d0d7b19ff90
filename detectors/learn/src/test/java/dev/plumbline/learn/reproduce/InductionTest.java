package dev.plumbline.learn.reproduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.learn.organism.ShippedOrganism;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.mitigations.Steering;
import dev.plumbline.torch.artefact.ArtefactFolder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class InductionTest {
  private static final TapPoint POINT = TapPoint.residPost(1);
  private final Path directions = new ShippedOrganism().folder().resolve("directions");
  private final Artefact consensus = read("consensus");
  private final Artefact random = read("random");

  private Artefact read(String name) {
    return ArtefactFolder.read(directions.resolve(name + ".direction"));
  }

  @Test
  void control_ofAPush_isAsLongInResidualUnits() {
    Induction.Push push = new Induction.Push(POINT, 4);

    Steering along = steering(push.along(consensus));
    Steering control = steering(push.control(consensus, random));

    assertThat(length(control)).isCloseTo(length(along), within(1e-12));
    assertThat(Math.abs(control.direction().dot(along.direction().components()))).isLessThan(0.5);
    // By as many of its own deviations it is little more than half as long.
    double own = 4 * random.direction(POINT).orElseThrow().alignedSpread();
    assertThat(own).isLessThan(0.6 * length(along));
  }

  private static Steering steering(InterventionPlan plan) {
    return (Steering) plan.interventions().get(POINT);
  }

  private static double length(Steering steering) {
    return steering.coefficient() * steering.spread();
  }
}
