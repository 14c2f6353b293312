/** Entry of a child process that times the nodes of one model. */
import { answerOnce } from '../answer-once.ts';
import { profileCalls, type ProfileRequest } from './profile-calls.ts';

answerOnce(async (request: ProfileRequest) => ({ profile: await profileCalls(request) }));
