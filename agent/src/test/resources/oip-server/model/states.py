"""A model for MLServer that hands out hidden states."""

import numpy
from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceRequest, InferenceResponse, Parameters

from hidden import PROMPT, states


class States(MLModel):
    async def load(self) -> bool:
        return True

    def answer(self, payload: InferenceRequest) -> InferenceResponse:
        seed = int(NumpyCodec.decode_input(payload.inputs[0]).flatten()[0])
        hidden = NumpyCodec.encode_output("hidden_states", states(seed))
        logits = NumpyCodec.encode_output("logits", numpy.array([[seed, 0.5]], dtype=numpy.float32))
        return InferenceResponse(
            model_name=self.name,
            id=payload.id,
            parameters=Parameters(prompt_tokens=PROMPT),
            outputs=[logits, hidden],
        )

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        return self.answer(payload)

    async def predict_stream(self, payloads):
        async for payload in payloads:
            yield self.answer(payload)
