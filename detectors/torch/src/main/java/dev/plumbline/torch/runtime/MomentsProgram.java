package dev.plumbline.torch.runtime;

import ai.djl.pytorch.engine.PtNDManager;
import dev.plumbline.torch.program.DecoderScript;
import dev.plumbline.torch.program.ScriptArchive;
import dev.plumbline.torch.program.ScriptModule;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The program of {@link DeviceMoments} and {@link DeviceMatrix}. */
final class MomentsProgram {
  private MomentsProgram() {}

  static ScriptModule load(PtNDManager manager) {
    try (InputStream in = DecoderScript.class.getResourceAsStream("moments.torchscript")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return ScriptModule.load(manager, ScriptArchive.of("Moments", text));
    } catch (IOException e) {
      throw new UncheckedIOException("the moments' program is missing from this build", e);
    }
  }
}
