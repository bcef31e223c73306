import { expect, it } from 'vitest';
import { s3EngineProperties } from './engine-properties.ts';

it('says where a store is, and never who may use it', () => {
  const credentials = { accessKeyId: 'key', secretAccessKey: 'secret' };
  const own = s3EngineProperties({ endpoint: 'http://store:9000', region: 'eu-1', credentials });
  expect(own).toEqual({
    's3.endpoint': 'http://store:9000',
    's3.region': 'eu-1',
    'client.region': 'eu-1',
    's3.path-style-access': 'true',
    's3.force-virtual-addressing': 'false',
  });
  expect(s3EngineProperties({ credentials })).toEqual({
    's3.path-style-access': 'false',
    's3.force-virtual-addressing': 'true',
  });
});
