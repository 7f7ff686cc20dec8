// A release and an architecture in place of a path: `profile:2.6.39-i386`.
import { note } from '../../findings/notes';
import { InputError } from '../files';
import { parseProfile, PROFILE, profileFacts } from '../profile';
import type { TargetSource } from './types';

export const profile: TargetSource = {
  name: 'profile',
  recognises: target => target.startsWith(PROFILE),
  open: async target => {
    const asked = parseProfile(target.slice(PROFILE.length));
    if (!asked) throw new InputError(target, note('bad-profile'));
    return profileFacts(asked);
  },
  places: () => null,
};
