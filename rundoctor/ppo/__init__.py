"""PPO for many candidates at once: exact, batched, readable beside the paper (arXiv:1707.06347).

Letters of the axes, everywhere below:

    C  candidates (a configuration and a seed); they never mix
    T  time steps of a rollout
    N  parallel environments
    M  samples of a rollout flattened, M = T N, row t N + n
    B  samples of a minibatch
    K  reward components, each with a value head
    D  observation entries
    A  actions (discrete) or action entries (continuous)
    P  parameters of one network

Letters of the quantities: r reward, V value, A advantage, R return (the critic's target), delta TD error, gamma
discount, lambda trace decay, epsilon clip range. Units: rewards, values, advantages and returns are in the unit of
the reward unless a docstring says "the critic's unit", which is what the value head puts out.

Reading order: config, advantage, loss, slopes, distribution, moments, network, optim, stopping, batch, update;
reference is the same update for one candidate in plain torch, and the oracle of the tests.
"""
