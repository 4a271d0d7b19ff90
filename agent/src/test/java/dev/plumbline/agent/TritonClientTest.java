package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.plumbline.agent.tap.states.StatesArtefacts;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.torch.artefact.ArtefactFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The published Python client of Triton, over HTTP and gRPC, against an agent with a direction. */
class TritonClientTest {
  private static final Path DIR = Path.of("target", "triton-client").toAbsolutePath();
  private static final Path PYTHON = DIR.resolve("venv/bin/python");
  private static final String PACKAGE = "tritonclient[http,grpc]==2.73.0";

  /** Prints one line for each thing that held; numpy in float64 is the reference. */
  private static final String SCRIPT =
      """
      import sys, queue, numpy as np
      import tritonclient.http as th, tritonclient.grpc as tg
      import tritonclient.utils.shared_memory as shm
      from tritonclient.utils import InferenceServerException
      address = '127.0.0.1:' + sys.argv[1]
      rng = np.random.default_rng(1)
      d = np.array([1, 2, -1, .5, .25, -2, 1, 3]); d /= np.linalg.norm(d)
      w = np.array([.5, -1, .25, 2, -.125, 1, .75, -.5])
      h = rng.standard_normal((5, 8)).astype(np.float32)
      def brain(x): return (x.view(np.uint32) >> 16).astype(np.uint16)
      def widen(b): return (b.astype(np.uint32) << 16).view(np.float32)
      def score(x):
        z = ((x.astype(np.float64) @ w + .5).mean() - .5) / 1.5
        return 1 / (1 + np.exp(-z))
      def close(a, b, e): assert np.allclose(a, b, rtol=0, atol=e), (a, b)
      def states(t, x, kind, **how):
        i = t.InferInput('hidden_states', list(x.shape), kind)
        i.set_data_from_numpy(x, **how)
        return i
      def bf16(t, x):
        i = t.InferInput('hidden_states', list(x.shape), 'BF16')
        if t is tg: i._raw_content = brain(x).tobytes()
        else:
          i._raw_data = brain(x).tobytes()
          i._parameters['binary_data_size'] = x.size * 2
        return i
      def raises(words, call):
        try: call()
        except InferenceServerException as e: assert words in str(e), e
        else: raise AssertionError('wanted an error: ' + words)

      for name, t in (('http', th), ('grpc', tg)):
        c = t.InferenceServerClient(address)
        assert c.is_server_live() and c.is_server_ready() and c.is_model_ready('plumbline', '1')
        meta = c.get_model_metadata('plumbline') if t is th else c.get_model_metadata('plumbline', as_json=True)
        assert [i['name'] for i in meta['inputs']] == ['hidden_states'], meta
        assert meta['inputs'][0]['shape'] in ([-1, 8], ['-1', '8'])
        server = c.get_server_metadata() if t is th else c.get_server_metadata(as_json=True)
        assert 'system_shared_memory' in server['extensions'], server
        config = c.get_model_config('plumbline') if t is th else c.get_model_config('plumbline', as_json=True)['config']
        assert config['input'][0]['data_type'] == 'TYPE_FP32', config
        raises('wanted model plumbline', lambda: c.get_model_metadata('other'))
        print(name, 'metadata')

        ways = [dict(binary_data=True), dict(binary_data=False)] if t is th else [dict()]
        for how in ways:
          for x, kind in ((h, 'FP32'), (h[None], 'FP32'), (h.astype(np.float16), 'FP16')):
            if how.get('binary_data') is False and kind == 'FP16': continue
            outputs = [t.InferRequestedOutput(o, **how) for o in ('projection', 'score', 'verdict')]
            r = c.infer('plumbline', [states(t, x, kind, **how)], request_id=name + kind, outputs=outputs)
            flat = x.reshape(-1, 8)
            close(r.as_numpy('projection'), flat.astype(np.float64) @ d, 1e-5)
            close(r.as_numpy('score'), score(flat), 1e-6)
            said = r.as_numpy('verdict')[0]
            assert (said.decode() if isinstance(said, bytes) else said) in ('aligned', 'drifted')
        r = c.infer('plumbline', [bf16(t, h)])
        close(r.as_numpy('score'), score(widen(brain(h))), 1e-6)
        print(name, 'infer')

        r = c.infer('plumbline', [states(t, h, 'FP32')], parameters={'mode': 'ablate'})
        left = r.as_numpy('hidden_states')
        close(left, h - np.outer(h.astype(np.float64) @ d, d), 1e-6)
        proof = r.get_output('hidden_states')
        touched = proof['parameters']['tokens_touched'] if t is th else proof.parameters['tokens_touched'].int64_param
        assert touched == 5, proof
        print(name, 'ablate')

        for k in range(5):
          r = c.infer('plumbline', [states(t, h[k:k + 1], 'FP32')], sequence_id=9, sequence_start=k == 0, sequence_end=k == 4)
        close(r.as_numpy('score'), score(h), 1e-6)
        raises('sequence_start', lambda: c.infer('plumbline', [states(t, h, 'FP32')], sequence_id=9))
        raises('resid_post.2', lambda: c.infer('plumbline', [states(t, h, 'FP32')], parameters={'layer': 1}))
        print(name, 'sequence')

        size = h.nbytes
        region = shm.create_shared_memory_region('io', sys.argv[2] + name, 2 * size)
        try:
          shm.set_shared_memory_region(region, [h])
          c.register_system_shared_memory('io', sys.argv[2] + name, 2 * size)
          known = c.get_system_shared_memory_status() if t is th else c.get_system_shared_memory_status(as_json=True)['regions']
          assert len(known) == 1, known
          i = t.InferInput('hidden_states', [5, 8], 'FP32'); i.set_shared_memory('io', size)
          o = t.InferRequestedOutput('hidden_states'); o.set_shared_memory('io', size, offset=size)
          s = t.InferRequestedOutput('score')
          r = c.infer('plumbline', [i], outputs=[o, s], parameters={'mode': 'ablate'})
          close(shm.get_contents_as_numpy(region, np.float32, [5, 8], offset=size), left, 0)
          close(r.as_numpy('score'), score(h), 1e-6)
          j = t.InferInput('hidden_states', [5, 8], 'FP32'); j.set_shared_memory('io', size, offset=size + 1)
          raises('within', lambda: c.infer('plumbline', [j]))
          raises('name such as', lambda: c.register_system_shared_memory('x', '/../etc/passwd', 8))
          c.unregister_system_shared_memory()
          raises('register it', lambda: c.infer('plumbline', [i]))
        finally:
          shm.destroy_shared_memory_region(region)
        raises('CUDA' if t is th else 'CudaSharedMemoryStatus', lambda: c.get_cuda_shared_memory_status())
        print(name, 'shared memory')

        stats = c.get_inference_statistics('plumbline') if t is th else c.get_inference_statistics('plumbline', as_json=True)
        stats = stats['model_stats'][0]
        print(name, 'statistics', stats['inference_count'], stats['inference_stats']['fail']['count'])

      g = tg.InferenceServerClient(address)
      raises('uncompressed', lambda: g.infer('plumbline', [states(tg, h, 'FP32')], compression_algorithm='gzip'))
      answers = queue.Queue()
      g.start_stream(lambda result, error: answers.put((result, error)))
      for k in range(5):
        g.async_stream_infer('plumbline', [states(tg, h[k:k + 1], 'FP32')], request_id=str(k), sequence_id=4, sequence_start=k == 0, sequence_end=k == 4)
        if k == 2: g.async_stream_infer('plumbline', [states(tg, h, 'FP32')], request_id='bad', parameters={'mode': 'x'})
      got = [answers.get(timeout=30) for _ in range(6)]
      assert 'mode' in str(got[3][1]) and got[3][0] is None, got
      assert [r.get_response().id for r, e in got if e is None] == list('01234')
      close(got[5][0].as_numpy('score'), score(h), 1e-6)
      g.stop_stream()
      print('grpc stream')

      import grpc
      from tritonclient.grpc import service_pb2 as pb, service_pb2_grpc as stubs
      channel = grpc.insecure_channel(address)
      stub = stubs.GRPCInferenceServiceStub(channel)
      def code(call):
        try: call()
        except grpc.RpcError as e: return e.code().name
        return 'OK'
      def ask(rows):
        i = pb.ModelInferRequest.InferInputTensor(name='hidden_states', datatype='FP32', shape=[rows, 8])
        return pb.ModelInferRequest(model_name='plumbline', inputs=[i], raw_input_contents=[bytes(rows * 32)])
      print('codes', code(lambda: stub.RepositoryIndex(pb.RepositoryIndexRequest())),
        code(lambda: stub.ModelInfer(ask(300000))),
        code(lambda: list(stub.ModelStreamInfer(iter([ask(1), ask(300000)])))),
        code(lambda: stub.ModelInfer(pb.ModelInferRequest(model_name='x'))),
        code(lambda: stub.ModelInfer(ask(1))))
      import threading
      gate = threading.Event()
      def slow():
        yield ask(1)
        gate.wait(30)
      call = stub.ModelStreamInfer(slow())
      assert next(call).infer_response.model_name == 'plumbline'
      call.cancel(); gate.set()
      late = stub.ModelInfer.future(ask(200000)); late.cancel()
      print('cancelled', code(lambda: stub.ModelInfer(ask(1))))
      """;

  @TempDir Path root;

  @Test
  void client_overHttpAndGrpc_isUnderstood() throws Exception {
    requireClient();
    assumeShm();
    Path artefact = root.resolve("planted.direction");
    ArtefactFolder.write(StatesArtefacts.at(TapPoint.residPost(2)), artefact);
    try (RunningAgent agent =
        OipServerTest.launch("direction=" + artefact, "oip.shared-memory=true")) {
      Files.writeString(DIR.resolve("check.py"), SCRIPT);
      String key = "/plumbline-" + ProcessHandle.current().pid() + "-";
      Ran ran = run(120, PYTHON.toString(), "check.py", String.valueOf(agent.port()), key);
      assertThat(ran.output().lines())
          .containsExactly(
              "http metadata",
              "http infer",
              "http ablate",
              "http sequence",
              "http shared memory",
              "http statistics 13 4",
              "grpc metadata",
              "grpc infer",
              "grpc ablate",
              "grpc sequence",
              "grpc shared memory",
              "grpc statistics 24 8",
              "grpc stream",
              "codes UNIMPLEMENTED RESOURCE_EXHAUSTED RESOURCE_EXHAUSTED NOT_FOUND OK",
              "cancelled OK");
      assertThat(ran.status()).isZero();
      Agents.await("verdicts", () -> agent.ledger().unsettled() == 0);
      // 13 + 4 over HTTP, 11 + 4 over gRPC, one compressed, six streamed; too large, streamed, of
      // another model, sound; streamed and left, sound. The one cancelled early may not have come.
      assertThat(agent.ledger().latest(1000)).hasSizeBetween(45, 46);
      Agents.await("all places to be free", () -> free(agent));
    }
  }

  private static boolean free(RunningAgent agent) {
    try {
      String page = RawHttp.get(agent.adminPort(), "/metrics").text();
      return page.contains("plumbline_queue_depth{queue=\"oip\"} 0.0");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void assumeShm() {
    assumeTrue(Files.isDirectory(Path.of("/dev/shm")), "needs POSIX shared memory in /dev/shm");
  }

  private static void requireClient() throws IOException, InterruptedException {
    Files.createDirectories(DIR);
    boolean present = Files.exists(PYTHON);
    if (!present && Boolean.getBoolean("plumbline.require")) {
      Ran made = run(120, "python3", "-m", "venv", "venv");
      Ran installed =
          made.status() != 0
              ? made
              : run(600, PYTHON.toString(), "-m", "pip", "install", "--quiet", PACKAGE);
      if (installed.status() != 0) {
        fail("wanted python3 and venv to install " + PACKAGE + ", found: " + installed.output());
      }
      present = true;
    }
    assumeTrue(present, "needs python3; run with -Dplumbline.require=true to install " + PACKAGE);
  }

  private record Ran(int status, String output) {}

  private static Ran run(int seconds, String... command) throws InterruptedException {
    Path output = DIR.resolve("output.txt");
    try {
      Process process =
          new ProcessBuilder(List.of(command))
              .directory(DIR.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return new Ran(-1, "no end after " + seconds + " s");
      }
      return new Ran(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    } catch (IOException e) {
      return new Ran(-1, e.toString());
    }
  }
}
