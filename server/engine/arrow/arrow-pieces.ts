import type { DuckDBType } from '@duckdb/node-api';
import { ArrowEncoder } from './arrow-stream.ts';
import { coalesce } from './coalesce.ts';

const PIECES = { bytes: 1024 * 1024, milliseconds: 5 };

/** The encoder of one result, which is made with the types that it is asked for with first. */
export type EncoderOf = (types: readonly DuckDBType[]) => ArrowEncoder;

/**
 * A result as an Arrow IPC stream in few pieces, read from the engine as it is taken.
 *
 * @param steps each adds some rows to the encoder, which is asked for also where there are none; ends after its signal
 */
export function arrowPieces(
  names: readonly string[],
  signal: AbortSignal | undefined,
  steps: (signal: AbortSignal, encoderOf: EncoderOf) => AsyncGenerator<void>,
): AsyncGenerator<Uint8Array> {
  const stop = new AbortController();
  const either = AbortSignal.any(signal === undefined ? [stop.signal] : [stop.signal, signal]);
  let encoder: ArrowEncoder | undefined;
  const gathering = {
    steps: steps(either, (types) => (encoder ??= new ArrowEncoder(names, types))),
    size: () => encoder?.size ?? 0,
    take: (isLast: boolean) => (isLast ? encoder?.finish() : encoder?.take()) ?? new Uint8Array(0),
    stop: () => stop.abort(),
  };
  return coalesce(gathering, PIECES);
}
