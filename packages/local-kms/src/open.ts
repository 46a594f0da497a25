import { build } from './create.ts';
import { openState } from './durable/state.ts';
import type { LocalKms } from './local-kms.ts';
import { type LocalKmsStateOptions, type Settings, settingsOf } from './options.ts';

/**
 * A local KMS without a socket, whose state is in a folder: `await openLocalKms({ app: 'cdk.out', state: '.keysmith' })`.
 *
 * @throws {@link LocalKmsError} `STATE_IN_USE`, `STATE_KEY`, `STATE_FORMAT`, `STATE_DAMAGED` or `STATE_FAILED`,
 * `INVALID_OPTION` or `INVALID_APP`
 */
export async function openLocalKms(
  options: LocalKmsStateOptions & Required<Pick<LocalKmsStateOptions, 'state'>>,
): Promise<LocalKms> {
  return (await opened(settingsOf(options))).kms;
}

/** A local KMS, with what was kept in its folder where it has one. */
export async function opened(settings: Settings): Promise<ReturnType<typeof build>> {
  const { state: folder, stateKey: localKey, onStateError: onError } = settings;
  if (folder === undefined) return build(settings);
  const state = await openState({ folder, localKey, onError });
  try {
    const built = build(settings, state);
    await state.turns.settle();
    return built;
  } catch (error) {
    await state.close();
    throw error;
  }
}
